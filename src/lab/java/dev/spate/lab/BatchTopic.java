package dev.spate.lab;

import dev.spate.async.Scheduler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A topic of six partitions, its records, and consumers that are the same for all peers. */
record BatchTopic(String bootstrapServers, String name) {

    private static final int PARTITIONS = 6;
    static final int RECORD_BYTES = 600;

    static BatchTopic create(String bootstrapServers, String name)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1))).all().get();
        }
        return new BatchTopic(bootstrapServers, name);
    }

    List<TopicPartition> partitions() {
        return IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(name, p)).toList();
    }

    /** Writes so many records as fast as it can. */
    void fill(int records) {
        AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
        byte[] value = new byte[RECORD_BYTES];
        new SplittableRandom(1).nextBytes(value);
        try (var producer = producer(Map.of("linger.ms", "20", "batch.size", "262144"))) {
            for (int i = 0; i < records; i++) {
                var _ =
                        producer.send(
                                new ProducerRecord<>(name, i % PARTITIONS, null, value),
                                (_, failure) -> failed.compareAndSet(null, failure));
            }
            producer.flush();
        }
        if (failed.get() != null) {
            throw new IllegalStateException("the topic is not complete", failed.get());
        }
    }

    /** Writes records at an even pace, each with the time it was sent, until interrupted. */
    Callable<Integer> trickle(Scheduler scheduler, int recordsPerSecond) {
        return () -> {
            long startNanos = scheduler.nanoTime();
            try (var producer = producer(Map.of("linger.ms", "0"))) {
                for (int i = 0; ; i++) {
                    long dueNanos = startNanos + i * 1_000_000_000L / recordsPerSecond;
                    scheduler.sleep(Duration.ofNanos(dueNanos - scheduler.nanoTime()));
                    byte[] value = new byte[RECORD_BYTES];
                    ByteBuffer.wrap(value).putLong(scheduler.nanoTime());
                    var _ = producer.send(new ProducerRecord<>(name, i % PARTITIONS, null, value));
                }
            }
        };
    }

    /** When a record of {@link #trickle} was sent, on the same scheduler's clock. */
    static long sentAtNanos(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }

    /** A consumer of all partitions from their beginning, or from their end. */
    Consumer<byte[], byte[]> consumer(boolean fromBeginning) {
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", bootstrapServers,
                                "group.id", "lab",
                                "group.protocol", "consumer",
                                "enable.auto.commit", "false",
                                "max.poll.records", "500"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        consumer.assign(partitions());
        if (fromBeginning) {
            consumer.seekToBeginning(partitions());
        } else {
            consumer.seekToEnd(partitions());
            partitions()
                    .forEach(consumer::position); // The end as of now, not as of the first poll.
        }
        return consumer;
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        var all = new HashMap<String, Object>(settings);
        all.put("bootstrap.servers", bootstrapServers);
        all.put("acks", "1");
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
