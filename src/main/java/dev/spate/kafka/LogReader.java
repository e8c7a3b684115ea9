package dev.spate.kafka;

import dev.spate.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

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
    public LogReader(KafkaSettings settings, JobId job, OptionalInt shard, Instant publishedAt) {
        this.job = job;
        Map<String, Object> properties = new ClientProperties(settings).logReader();
        // Of 64 KiB each.
        properties.put("max.poll.records", 32);
        properties.put("fetch.max.bytes", FETCH_BYTES_MAX);
        properties.put("max.partition.fetch.bytes", FETCH_BYTES_MAX);
        this.consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            consumer.assign(partitions(settings.topics().logs(), shard));
            seek(publishedAt.minus(CLOCKS_DIFFER));
        } catch (KafkaException failure) {
            consumer.close();
            throw failure;
        }
    }

    private List<TopicPartition> partitions(String topic, OptionalInt shard) {
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        if (found == null || found.isEmpty()) {
            throw new KafkaException("there is no topic " + topic);
        }
        if (shard.isPresent()) {
            return List.of(new TopicPartition(topic, shard.getAsInt() % found.size()));
        }
        return found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    }

    private void seek(Instant since) {
        Map<TopicPartition, Long> times = new HashMap<>();
        consumer.assignment().forEach(each -> times.put(each, Math.max(0, since.toEpochMilli())));
        consumer.offsetsForTimes(times).forEach(this::seek);
    }

    private void seek(TopicPartition partition, @Nullable OffsetAndTimestamp first) {
        if (first == null) {
            consumer.seekToEnd(List.of(partition));
            // Where that is is found out only when somebody asks: now, before more is written.
            var _ = consumer.position(partition);
        } else {
            consumer.seek(partition, first.offset());
        }
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

    @Override
    public void close() {
        consumer.close();
    }

    private static InterruptedException asInterrupted(InterruptException interrupted) {
        // Kafka sets the flag as well, which is for those who cannot throw.
        var _ = Thread.interrupted();
        InterruptedException thrown = new InterruptedException("interrupted while reading output");
        thrown.initCause(interrupted);
        return thrown;
    }
}
