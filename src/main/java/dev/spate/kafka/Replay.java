package dev.spate.kafka;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.JobRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a partition of the journal from its beginning to its end. */
final class Replay {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration IDLE_MAX = Duration.ofSeconds(30);

    private final TopicPartition partition;
    private final Scheduler scheduler;
    private final Map<String, JobRecord> latest = new LinkedHashMap<>();

    private Replay(TopicPartition partition, Scheduler scheduler) {
        this.partition = partition;
        this.scheduler = scheduler;
    }

    /**
     * The latest record of every job in the journal's partition. Blocks as long as it takes, and
     * answers interruption.
     *
     * @throws TimeoutException if nothing comes for half a minute
     * @throws IllegalArgumentException if a record cannot be read, naming its offset
     */
    static List<JobRecord> read(
            Map<String, Object> properties, TopicPartition partition, Scheduler scheduler)
            throws InterruptedException {
        try (var consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return new Replay(partition, scheduler).read(consumer);
        }
    }

    private List<JobRecord> read(KafkaConsumer<byte[], byte[]> consumer)
            throws InterruptedException {
        List<TopicPartition> only = List.of(partition);
        consumer.assign(only);
        consumer.seekToBeginning(only);
        // The last stable offset. Nobody writes here but the producer that was just fenced in, so
        // nothing can come after it.
        long end = Objects.requireNonNull(consumer.endOffsets(only).get(partition));
        Deadline idle = Deadline.after(scheduler, IDLE_MAX);
        while (consumer.position(partition) < end) {
            var records = consumer.poll(POLL);
            records.forEach(this::take);
            if (!records.isEmpty()) {
                idle = Deadline.after(scheduler, IDLE_MAX);
            } else if (idle.hasPassed(scheduler)) {
                throw new TimeoutException(
                        partition + ": nothing came from offset " + consumer.position(partition));
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return List.copyOf(latest.values());
    }

    private void take(ConsumerRecord<byte[], byte[]> message) {
        if (OwnerMark.isKey(message.key())) {
            return;
        }
        String key = new String(message.key(), StandardCharsets.UTF_8);
        if (message.value() == null) {
            latest.remove(key);
            return;
        }
        try {
            Optional<JobRecord> before = Optional.ofNullable(latest.get(key));
            latest.put(key, Records.decode(message.value(), before));
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(
                    partition + " at offset " + message.offset() + ": " + unreadable.getMessage(),
                    unreadable);
        }
    }
}
