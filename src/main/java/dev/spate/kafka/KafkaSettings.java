package dev.spate.kafka;

import dev.spate.async.BatchIterator;
import dev.spate.job.Bounds;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;

/**
 * How a worker speaks to Kafka.
 *
 * @param bootstrapServers {@code host:port}, separated by commas
 * @param group the consumer group, and the first part of every {@code transactional.id}
 * @param topics their names
 * @param properties passed to every client as they are, by Kafka's own names: TLS, SASL and the
 *     like; what Spate depends on cannot be overridden
 * @param input how messages are gathered into batches, for each shard; a claim is one transaction
 * @param journal how commits are gathered into transactions, for each shard
 * @param prefetchBytesMax how many bytes of messages may wait in all shards together; beyond that a
 *     shard is read only while it has none; 1 MiB to 64 GiB
 * @param commitTimeout how long a transaction may take before its shard is dropped; 1 s to 10 min
 * @param revokeTimeout how long a shard may take to come to rest when it goes to another worker; at
 *     most 60 s
 * @param resultBytesMax the largest result message; what does not fit is cut; 128 KiB to 8 MiB, and
 *     not more than topic and broker take
 */
public record KafkaSettings(
        String bootstrapServers,
        String group,
        Topics topics,
        Map<String, String> properties,
        BatchIterator.Limits input,
        BatchIterator.Limits journal,
        long prefetchBytesMax,
        Duration commitTimeout,
        Duration revokeTimeout,
        int resultBytesMax) {

    private static final long PREFETCH_BYTES_MIN = 1L << 20;
    private static final long PREFETCH_BYTES_MAX = 64L << 30;
    private static final int RESULT_BYTES_MIN = 128 * 1024;
    private static final int RESULT_BYTES_MAX = 8 * 1024 * 1024;

    public KafkaSettings {
        properties = Map.copyOf(properties);
        requireText("bootstrapServers", bootstrapServers);
        requireText("group", group);
        Bounds.require(
                "commitTimeout", commitTimeout, Duration.ofSeconds(1), Duration.ofMinutes(10));
        Bounds.require("revokeTimeout", revokeTimeout, Duration.ZERO, Duration.ofSeconds(60));
        Bounds.require(
                "prefetchBytesMax", prefetchBytesMax, PREFETCH_BYTES_MIN, PREFETCH_BYTES_MAX);
        Bounds.require("resultBytesMax", resultBytesMax, RESULT_BYTES_MIN, RESULT_BYTES_MAX);
    }

    /** What suits most: batches of up to 100 jobs or 20 ms, journal transactions as they come. */
    public static KafkaSettings of(String bootstrapServers, String group) {
        return new KafkaSettings(
                bootstrapServers,
                group,
                Topics.prefixed("spate."),
                Map.of(),
                new BatchIterator.Limits(100, 4 << 20, Duration.ofMillis(20), 4),
                new BatchIterator.Limits(500, 4 << 20, Duration.ofMillis(5), 4),
                64L << 20,
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                900 * 1024);
    }

    /** The same with other topics. */
    public KafkaSettings with(Topics others) {
        return new KafkaSettings(
                bootstrapServers,
                group,
                others,
                properties,
                input,
                journal,
                prefetchBytesMax,
                commitTimeout,
                revokeTimeout,
                resultBytesMax);
    }

    /** The same with other input batches. */
    public KafkaSettings withInput(BatchIterator.Limits other) {
        return new KafkaSettings(
                bootstrapServers,
                group,
                topics,
                properties,
                other,
                journal,
                prefetchBytesMax,
                commitTimeout,
                revokeTimeout,
                resultBytesMax);
    }

    /** The same with another budget for messages that wait. */
    public KafkaSettings withPrefetchBytesMax(long other) {
        return new KafkaSettings(
                bootstrapServers,
                group,
                topics,
                properties,
                input,
                journal,
                other,
                commitTimeout,
                revokeTimeout,
                resultBytesMax);
    }

    /** Without the values of {@link #properties}: there are passwords among them. */
    @Override
    public String toString() {
        return "KafkaSettings[bootstrapServers="
                + bootstrapServers
                + ", group="
                + group
                + ", topics="
                + topics
                + ", properties="
                + new TreeSet<>(properties.keySet())
                + ", input="
                + input
                + ", journal="
                + journal
                + ", prefetchBytesMax="
                + prefetchBytesMax
                + ", commitTimeout="
                + commitTimeout
                + ", revokeTimeout="
                + revokeTimeout
                + ", resultBytesMax="
                + resultBytesMax
                + "]";
    }

    private static void requireText(String field, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(field + ": expected a value, found \"\"");
        }
    }
}
