package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spate.job.JobId;
import dev.spate.job.JobResult;
import dev.spate.job.Trace;
import dev.spate.kafka.ClientProperties;
import dev.spate.kafka.KafkaSettings;
import dev.spate.kafka.ResultReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where results are read: from the oldest that Kafka still has, in no group. One thread at a time.
 */
final class ResultsTopic implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ResultsTopic.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final KafkaSettings settings;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;

    /**
     * A result, and the message it is in.
     *
     * @param json the message as it is
     */
    record Published(JobResult result, String json) {}

    ResultsTopic(KafkaSettings settings) {
        this.settings = settings;
        Map<String, Object> properties = new HashMap<>(new ClientProperties(settings).reader());
        properties.put("default.api.timeout.ms", Math.toIntExact(PATIENCE.toMillis()));
        properties.put("request.timeout.ms", 10_000);
        this.consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.partitions = partitions();
        readFrom(partitions);
    }

    /** Reads the partitions these jobs' results are in, and no others. */
    void only(Collection<JobId> ids) {
        Set<TopicPartition> needed = new HashSet<>();
        for (JobId id : ids) {
            // As every Kafka producer finds the partition of a key.
            int hash = Utils.toPositive(Utils.murmur2(id.value().getBytes(UTF_8)));
            needed.add(new TopicPartition(settings.topics().results(), hash % partitions.size()));
        }
        readFrom(needed);
    }

    /** What has come; empty if nothing came for so long. Blocks as long at most. */
    List<Published> next(Duration patience) {
        List<Published> results = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
            try {
                results.add(
                        new Published(
                                ResultReader.decode(record.value(), Trace.NONE),
                                new String(record.value(), UTF_8)));
            } catch (IllegalArgumentException foreign) {
                log.debug("Passed over a message of {} that is no result", record.topic());
            }
        }
        return results;
    }

    /** Whether everything that was there when this is called first has been read. */
    boolean isAtEnd(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /** How far there is to read at the moment. */
    Map<TopicPartition, Long> ends() {
        return consumer.endOffsets(consumer.assignment());
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void readFrom(Collection<TopicPartition> chosen) {
        consumer.assign(chosen);
        consumer.seekToBeginning(chosen);
    }

    private List<TopicPartition> partitions() {
        try {
            List<PartitionInfo> found = consumer.partitionsFor(settings.topics().results());
            if (found == null || found.isEmpty()) {
                throw Refusal.failure(
                        "Kafka at "
                                + settings.bootstrapServers()
                                + " has no topic "
                                + settings.topics().results()
                                + "; spate topics --create makes it");
            }
            return found.stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
        } catch (KafkaException unreachable) {
            consumer.close();
            throw Refusal.ofKafka(settings.bootstrapServers(), unreachable);
        }
    }
}
