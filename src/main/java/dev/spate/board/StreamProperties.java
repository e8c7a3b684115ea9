package dev.spate.board;

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.assignment.assignors.StickyTaskAssignor;

/** What Kafka Streams is told. */
final class StreamProperties {

    private static final int FETCH_BYTES_MAX = 4 << 20;
    private static final int PARTITION_FETCH_BYTES_MAX = 1 << 20;
    private static final int SEND_BUFFER_BYTES_MAX = 8 << 20;
    private static final long CACHE_BYTES_MAX = 4L << 20;
    private static final int POLL_RECORDS_MAX = 500;

    private StreamProperties() {}

    /**
     * @param clients what every client is told
     * @param group whose board it is
     * @param own where this worker answers the others
     */
    static Properties of(
            Map<String, Object> clients, String group, Peer own, BoardSettings settings) {
        Properties properties = new Properties();
        properties.putAll(clients);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, group + "-board");
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, own.toString());
        // Table and statistics move with the offsets, or not at all: no job is counted twice.
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.replicas());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 0);
        // Reading back takes seconds: no partition waits at a board that leaves until another has
        // warmed up.
        properties.put(
                StreamsConfig.TASK_ASSIGNOR_CLASS_CONFIG, StickyTaskAssignor.class.getName());
        // A job's records come close together: most of them need not be written down.
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES_MAX);
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, POLL_RECORDS_MAX);
        properties.put(
                StreamsConfig.WINDOW_STORE_CHANGE_LOG_ADDITIONAL_RETENTION_MS_CONFIG, 3_600_000L);
        properties.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG),
                FETCH_BYTES_MAX);
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
                PARTITION_FETCH_BYTES_MAX);
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
                POLL_RECORDS_MAX);
        // Its topics are read back to an end that is known: nobody waits there for more.
        properties.put(
                StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 20);
        // Others take over its partitions after this long if it dies without a word.
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 15_000);
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                3_000);
        properties.put(
                StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG),
                SEND_BUFFER_BYTES_MAX);
        return properties;
    }
}
