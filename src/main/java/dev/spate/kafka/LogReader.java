package dev.spate.kafka;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what a job's runs have written, and go on writing, in no group. Holds a few mebibytes at
 * most. One thread at a time.
 *
 * <p>Reads the partition of the job's shard; if nobody knows which that is, all of them until the
 * job is found in one. Begins at the time of the job's publication. That is the clock of whoever
 * published the job, so a little before it: if that clock is more than {@link #CLOCKS_DIFFER} ahead
 * of Kafka's, the beginning of the output is missed, and told as a gap.
 */
public final class LogReader implements AutoCloseable {

    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);
    private static final Duration CONNECT_MAX = Duration.ofSeconds(15);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(1);
    private static final int FETCH_BYTES_MAX = 1 << 20;

    private final JobId job;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final LogMerge merge = new LogMerge();
    private Map<TopicPartition, Long> ends = Map.of();

    /**
     * Connects. Blocks for a quarter of a minute at most.
     *
     * @param shard the shard of the job: its partition of the journal; empty if that is not known
     * @param publishedAt when the job was published
     * @throws KafkaException if nobody answers, or there is no topic of output
     */
    public LogReader(
            KafkaSettings settings,
            JobId job,
            OptionalInt shard,
            Instant publishedAt,
            Scheduler scheduler) {
        this.job = job;
        Deadline deadline = Deadline.after(scheduler, CONNECT_MAX);
        Map<String, Object> properties = new ClientProperties(settings).logReader();
        // Of 64 KiB each.
        properties.put("max.poll.records", 32);
        properties.put("fetch.max.bytes", FETCH_BYTES_MAX);
        properties.put("max.partition.fetch.bytes", FETCH_BYTES_MAX);
        this.consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            String topic = settings.topics().logs();
            consumer.assign(partitions(topic, shard, deadline.remaining(scheduler)));
            Map<TopicPartition, OffsetAndTimestamp> first =
                    first(publishedAt.minus(CLOCKS_DIFFER), deadline.remaining(scheduler));
            seek(first, deadline.remaining(scheduler));
        } catch (KafkaException failure) {
            close();
            throw failure;
        }
    }

    private List<TopicPartition> partitions(String topic, OptionalInt shard, Duration patience) {
        List<PartitionInfo> found = consumer.partitionsFor(topic, patience);
        if (found == null || found.isEmpty()) {
            throw new KafkaException("there is no topic " + topic);
        }
        if (shard.isPresent()) {
            return List.of(new TopicPartition(topic, shard.getAsInt() % found.size()));
        }
        return found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    }

    /** The first record since then of each partition; of those that have none, nothing. */
    private Map<TopicPartition, OffsetAndTimestamp> first(Instant since, Duration patience) {
        Map<TopicPartition, Long> times = new HashMap<>();
        consumer.assignment().forEach(each -> times.put(each, Math.max(0, since.toEpochMilli())));
        Map<TopicPartition, OffsetAndTimestamp> found =
                new HashMap<>(consumer.offsetsForTimes(times, patience));
        found.values().removeIf(Objects::isNull);
        return found;
    }

    private void seek(Map<TopicPartition, OffsetAndTimestamp> first, Duration patience) {
        first.forEach((partition, record) -> consumer.seek(partition, record.offset()));
        List<TopicPartition> others =
                consumer.assignment().stream().filter(each -> !first.containsKey(each)).toList();
        // Where those end is to be known now, before more is written.
        consumer.endOffsets(others, patience).forEach(consumer::seek);
    }

    /**
     * The next pieces. Blocks until there is something in the partition, at most as long as told.
     *
     * @return none if nothing has come of this job
     * @throws KafkaException if it cannot be read
     */
    public List<LogPiece> next(Duration patience) throws InterruptedException {
        List<LogPiece> pieces = new ArrayList<>();
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
                if (LogRecords.isOf(job, record.key())) {
                    // Here and nowhere else.
                    consumer.assign(
                            List.of(new TopicPartition(record.topic(), record.partition())));
                    LogRecords.read(record).ifPresent(e -> pieces.addAll(merge.take(e)));
                }
            }
        } catch (InterruptException interrupted) {
            throw asInterrupted(interrupted);
        }
        return pieces;
    }

    /** From now on, {@link #isAtEnd} tells whether all has been read that is there at this time. */
    public void untilNow() throws InterruptedException {
        try {
            ends = consumer.endOffsets(consumer.assignment());
        } catch (InterruptException interrupted) {
            throw asInterrupted(interrupted);
        }
    }

    /** Whether all has been read that was there when {@link #untilNow} was called. */
    public boolean isAtEnd() {
        return !ends.isEmpty()
                && consumer.assignment().stream()
                        .allMatch(each -> consumer.position(each) >= ends.getOrDefault(each, 0L));
    }

    /** Blocks for a second at most. */
    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_MAX));
    }

    private static InterruptedException asInterrupted(InterruptException interrupted) {
        // Kafka sets the flag as well, which is for those who cannot throw.
        var _ = Thread.interrupted();
        InterruptedException thrown = new InterruptedException("interrupted while reading output");
        thrown.initCause(interrupted);
        return thrown;
    }
}
