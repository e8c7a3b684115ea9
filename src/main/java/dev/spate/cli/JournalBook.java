package dev.spate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.async.Scheduler;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.kafka.JournalReader;
import dev.spate.kafka.JournalReader.Entry;
import dev.spate.kafka.KafkaSettings;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;

/** The journal itself: everything that workers remember. */
final class JournalBook implements JobBook {

    private static final Comparator<JobRecord> NEWEST_FIRST =
            Comparator.comparing(JobRecord::publishedAt)
                    .thenComparing(record -> record.id().value())
                    .reversed();

    private final JournalReader journal;
    private final String kafka;

    JournalBook(KafkaSettings settings, Scheduler scheduler) {
        this.kafka = settings.bootstrapServers();
        try {
            this.journal = new JournalReader(settings, scheduler);
        } catch (KafkaException failure) {
            throw unreachable(failure);
        }
    }

    @Override
    public Listing list(JobFilter filter) throws InterruptedException {
        readOn();
        List<JsonNode> wanted =
                entries()
                        .sorted(Comparator.comparing(Entry::record, NEWEST_FIRST))
                        .<JsonNode>map(JobTree::row)
                        .filter(filter::wants)
                        .toList();
        return new Listing(
                wanted.subList(0, Math.min(filter.limit(), wanted.size())), wanted.size());
    }

    @Override
    public Optional<JsonNode> job(JobId id) throws InterruptedException {
        readOn();
        return entries()
                .filter(entry -> entry.record().id().equals(id))
                // Who published it twice, to different partitions, is shown the later one.
                .max(Comparator.comparing(Entry::writtenAt))
                .map(JobTree::page);
    }

    @Override
    public void close() {
        journal.close();
    }

    private Stream<Entry> entries() {
        return IntStream.range(0, journal.shardCount())
                .boxed()
                .flatMap(shard -> journal.latest(shard).stream());
    }

    private void readOn() throws InterruptedException {
        try {
            journal.catchUp(_ -> {});
        } catch (KafkaException failure) {
            throw unreachable(failure);
        } catch (IllegalArgumentException unreadable) {
            throw Refusal.failure(String.valueOf(unreadable.getMessage()));
        }
    }

    private Refusal unreachable(KafkaException why) {
        return Refusal.failure("Kafka at " + kafka + ": " + why.getMessage());
    }
}
