package dev.spate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.async.Scheduler;
import dev.spate.board.JobFilter;
import dev.spate.board.JobPage;
import dev.spate.board.JobRow;
import dev.spate.job.JobId;
import dev.spate.kafka.JournalReader;
import dev.spate.kafka.JournalReader.Entry;
import dev.spate.kafka.KafkaSettings;
import dev.spate.web.JobAnswers;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaException;

/**
 * The journal itself: everything that workers remember. How a job came where it is is known as far
 * back as Kafka has not compacted it away, and since it was first asked for.
 */
final class JournalBook implements JobBook {

    private final JournalReader journal;
    private final String kafka;

    /** Jobs that were asked for: what becomes of them is followed. */
    private final Set<JobId> asked = new HashSet<>();

    private final Map<Key, JobPage> pages = new HashMap<>();

    private record Key(int shard, JobId id) {}

    JournalBook(KafkaSettings settings, Scheduler scheduler) {
        this.kafka = settings.bootstrapServers();
        try {
            this.journal = new JournalReader(settings, scheduler);
        } catch (KafkaException failure) {
            throw unreachable(failure);
        }
    }

    @Override
    public Selection list(JobFilter filter) throws InterruptedException {
        readOn();
        List<JobRow> wanted =
                journal.latest().stream()
                        .map(entry -> JobRow.of(entry.record(), entry.writtenAt()))
                        .filter(filter::admits)
                        .sorted(JobRow.NEWEST_FIRST)
                        .toList();
        return new Selection(
                wanted.stream().limit(filter.limit()).<JsonNode>map(JobAnswers::row).toList(),
                wanted.size(),
                List.of());
    }

    @Override
    public Optional<JsonNode> job(JobId id) throws InterruptedException {
        asked.add(id);
        readOn();
        return journal.find(id).map(this::page).map(JobAnswers::page);
    }

    @Override
    public void close() {
        journal.close();
    }

    private JobPage page(Entry latest) {
        JobPage page = pages.get(key(latest));
        // Read before anybody asked.
        return page == null ? next(latest) : page;
    }

    private void follow(Entry entry) {
        if (asked.contains(entry.record().id())) {
            next(entry);
        }
    }

    private JobPage next(Entry entry) {
        Key key = key(entry);
        JobPage page =
                JobPage.next(
                        Optional.ofNullable(pages.get(key)),
                        entry.shard(),
                        entry.record(),
                        entry.writtenAt());
        pages.put(key, page);
        return page;
    }

    private static Key key(Entry entry) {
        return new Key(entry.shard(), entry.record().id());
    }

    private void readOn() throws InterruptedException {
        try {
            journal.catchUp(this::follow);
        } catch (KafkaException failure) {
            throw unreachable(failure);
        } catch (IllegalArgumentException unreadable) {
            throw Refusal.failure(String.valueOf(unreadable.getMessage()));
        }
    }

    private Refusal unreachable(KafkaException why) {
        return Refusal.ofKafka(kafka, why);
    }
}
