package dev.spate.chaos;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A reader of a topic from its beginning, like any other: {@code read_committed}, in no group. */
final class TopicReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;

    /**
     * A record as it is.
     *
     * @param value empty if it is a tombstone
     */
    record Message(int partition, String key, Optional<byte[]> value, long timestampMillis) {}

    TopicReader(String bootstrapServers, String topic) {
        this.consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", bootstrapServers,
                                "isolation.level", "read_committed",
                                "enable.auto.commit", "false",
                                "auto.offset.reset", "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        this.partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** What has come since the last call; waits a moment for the first. */
    List<Message> poll() {
        List<Message> messages = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            messages.add(
                    new Message(
                            record.partition(),
                            new String(record.key(), StandardCharsets.UTF_8),
                            Optional.ofNullable(record.value()),
                            record.timestamp()));
        }
        return messages;
    }

    /** Everything up to the present end. */
    List<Message> readToEnd() {
        List<Message> messages = new ArrayList<>();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (partitions.stream()
                .anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
            messages.addAll(poll());
        }
        return messages;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
