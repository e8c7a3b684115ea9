package dev.spate.kafka;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Reads the journals of all shards, or of one, for somebody who owns none of them: what is
 * committed, as it comes. One thread at a time.
 */
public final class JournalReader implements AutoCloseable {

    private static final Comparator<Entry> LATER =
            Comparator.comparing(Entry::writtenAt).thenComparingInt(Entry::shard);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration IDLE_MAX = Duration.ofSeconds(30);

    private final Scheduler scheduler;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Map<Integer, Map<String, Entry>> latest = new HashMap<>();
    private Map<TopicPartition, Long> ends = Map.of();

    /**
     * A record, and where and when it was written.
     *
     * @param shard its partition of the journal
     * @param writtenAt by Kafka's clock
     */
    public record Entry(int shard, JobRecord record, Instant writtenAt) {}

    /**
     * Connects, to read all shards.
     *
     * @throws KafkaException if nobody answers, or there is no journal
     */
    public JournalReader(KafkaSettings settings, Scheduler scheduler) {
        this(settings, scheduler, (_, _) -> true);
    }

    /**
     * Connects, to read the one shard that a job is in, if who published it chose its partition as
     * most clients do.
     *
     * @throws KafkaException if nobody answers, or there is no journal
     */
    public static JournalReader ofLikelyShard(
            JobId job, KafkaSettings settings, Scheduler scheduler) {
        int hash = Utils.toPositive(Utils.murmur2(job.value().getBytes(StandardCharsets.UTF_8)));
        return new JournalReader(settings, scheduler, (shard, count) -> shard == hash % count);
    }

    /** Whether to read a shard, of as many. */
    private interface Choice {
        boolean isToBeRead(int shard, int count);
    }

    private JournalReader(KafkaSettings settings, Scheduler scheduler, Choice choice) {
        this.scheduler = scheduler;
        Map<String, Object> properties = new ClientProperties(settings).replay();
        properties.put("default.api.timeout.ms", 15_000);
        properties.put("request.timeout.ms", 10_000);
        this.consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        String topic = settings.topics().journal();
        try {
            var found = consumer.partitionsFor(topic);
            if (found == null || found.isEmpty()) {
                throw new KafkaException("there is no topic " + topic);
            }
            this.partitions =
                    found.stream()
                            .filter(info -> choice.isToBeRead(info.partition(), found.size()))
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        } catch (KafkaException failure) {
            consumer.close();
            throw failure;
        }
    }

    /** How many shards there are. */
    public int shardCount() {
        return partitions.size();
    }

    /**
     * Reads on, up to where the journals end when this is called. Blocks as long as it takes, and
     * answers interruption.
     *
     * @param each told of every record that is read, also of those that others replace
     * @throws KafkaException if it cannot be read, or nothing comes for half a minute
     * @throws IllegalArgumentException if a record cannot be understood, naming its place
     */
    public void catchUp(Consumer<Entry> each) throws InterruptedException {
        ends = consumer.endOffsets(partitions);
        Deadline idle = Deadline.after(scheduler, IDLE_MAX);
        while (!isAtEnd()) {
            var records = consumer.poll(POLL);
            records.forEach(message -> take(message, each));
            if (!records.isEmpty()) {
                idle = Deadline.after(scheduler, IDLE_MAX);
            } else if (idle.hasPassed(scheduler)) {
                throw new TimeoutException("nothing comes from the journal any more");
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** The latest record of every job, as far as it has been read: what {@link #find} tells. */
    public Collection<Entry> latest() {
        Map<String, Entry> all = new HashMap<>();
        latest.values()
                .forEach(
                        shard ->
                                shard.forEach(
                                        (id, entry) ->
                                                all.merge(id, entry, BinaryOperator.maxBy(LATER))));
        return all.values();
    }

    /** The latest record of every job that a shard remembers, as far as it has been read. */
    public Collection<Entry> latest(int shard) {
        return latest.getOrDefault(shard, Map.of()).values();
    }

    /**
     * The latest record of a job, as far as it has been read. Who has published it twice, to
     * different partitions, is told of the later one.
     */
    public Optional<Entry> find(JobId id) {
        return latest.values().stream()
                .flatMap(shard -> Optional.ofNullable(shard.get(id.value())).stream())
                .max(LATER);
    }

    /** Whether anybody has ever owned the shard: an owner's mark is the first that it leaves. */
    public boolean hasHadOwner(int shard) {
        return ends.entrySet().stream()
                .anyMatch(end -> end.getKey().partition() == shard && end.getValue() > 0);
    }

    @Override
    public void close() {
        consumer.close();
    }

    private boolean isAtEnd() {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void take(ConsumerRecord<byte[], byte[]> message, Consumer<Entry> each) {
        if (OwnerMark.isKey(message.key())) {
            return;
        }
        String key = new String(message.key(), StandardCharsets.UTF_8);
        Map<String, Entry> shard =
                latest.computeIfAbsent(message.partition(), _ -> new HashMap<>());
        if (message.value() == null) {
            shard.remove(key);
            return;
        }
        try {
            Entry entry =
                    new Entry(
                            message.partition(),
                            Records.decode(message.value()),
                            Instant.ofEpochMilli(message.timestamp()));
            shard.put(key, entry);
            each.accept(entry);
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(
                    "journal of shard %d at offset %d: %s"
                            .formatted(
                                    message.partition(), message.offset(), unreadable.getMessage()),
                    unreadable);
        }
    }
}
