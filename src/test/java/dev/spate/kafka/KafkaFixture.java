package dev.spate.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spate.async.BatchIterator;
import dev.spate.async.SystemScheduler;
import dev.spate.engine.Commit;
import dev.spate.engine.Incoming;
import dev.spate.engine.JobSource;
import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import dev.spate.job.JobState;
import dev.spate.job.Outcome;
import dev.spate.job.Spent;
import dev.spate.job.Trace;
import dev.spate.local.Broker;
import dev.spate.local.BrokerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A broker for a test class, and topics and a group of its own for each test. */
final class KafkaFixture implements AutoCloseable {

    final Broker broker;
    final SystemScheduler scheduler = new SystemScheduler();
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private int tests;

    KafkaFixture(Path data) throws Exception {
        broker = Broker.start(new BrokerSettings(data, 0, Duration.ofSeconds(3), Map.of()));
        ClientProperties properties =
                new ClientProperties(KafkaSettings.of(broker.bootstrapServers(), "fixture"));
        admin = Admin.create(properties.admin());
        producer =
                new KafkaProducer<>(
                        properties.producer(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /** Topics that nobody has used yet, and settings for them. */
    KafkaSettings fresh(int partitions) throws Exception {
        String name = "t" + ++tests;
        KafkaSettings settings =
                KafkaSettings.of(broker.bootstrapServers(), name)
                        .with(Topics.prefixed(name + "."))
                        .withInput(new BatchIterator.Limits(10, 1 << 20, Duration.ofMillis(5), 2));
        new TopicSetup(settings, admin).create(partitions, Optional.empty());
        return settings;
    }

    Admin admin() {
        return admin;
    }

    KafkaJobSource source(KafkaSettings settings) {
        return new KafkaJobSource(
                settings,
                new JobMessages(
                        Profiles.of(Map.of("small", "{}", "large", "{}")), MessageLimits.WIDEST),
                scheduler,
                new Random(1),
                ClientListener.NONE);
    }

    void send(KafkaSettings settings, int partition, @Nullable String key, byte @Nullable [] value)
            throws Exception {
        sendTo(settings.topics().jobs(), partition, key, value);
    }

    void sendTo(String topic, int partition, @Nullable String key, byte @Nullable [] value)
            throws Exception {
        byte[] keyBytes = key == null ? null : key.getBytes(UTF_8);
        producer.send(new ProducerRecord<>(topic, partition, keyBytes, value))
                .get(10, TimeUnit.SECONDS);
    }

    void sendJobs(KafkaSettings settings, int partition, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    settings.topics().jobs(),
                                    partition,
                                    ("job-" + i).getBytes(UTF_8),
                                    "{\"run\": \"true\"}".getBytes(UTF_8)));
        }
        producer.flush();
    }

    /** All that a reader of committed transactions sees. */
    List<ConsumerRecord<byte[], byte[]>> committed(KafkaSettings settings, String topic)
            throws Exception {
        try (var consumer =
                new KafkaConsumer<>(
                        new ClientProperties(settings).reader(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = ends(settings, partitions);
            List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(all::add);
            }
            return all;
        }
    }

    /**
     * Where the partitions end, whatever is open in them: the broker marks a transaction as
     * committed a moment after it has said so.
     */
    private static Map<TopicPartition, Long> ends(
            KafkaSettings settings, List<TopicPartition> partitions) {
        Map<String, Object> properties = new HashMap<>(new ClientProperties(settings).reader());
        properties.put("isolation.level", "read_uncommitted");
        try (var consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.endOffsets(partitions);
        }
    }

    /** The next batch of a shard; fails after ten seconds. */
    static List<Incoming> next(JobSource.Shard shard) throws Exception {
        return shard.input().next().get(10, TimeUnit.SECONDS).orElseThrow().elements();
    }

    static void append(JobSource.Shard shard, Commit commit) throws Exception {
        shard.journal().append(commit).get(10, TimeUnit.SECONDS);
    }

    static void confirm(JobSource.Shard shard) throws Exception {
        shard.journal().confirm().get(10, TimeUnit.SECONDS);
    }

    static JobRecord record(String id) {
        Job job =
                ((Incoming.Submitted)
                                new JobMessages(Profiles.none(), MessageLimits.WIDEST)
                                        .check(
                                                "{\"run\": \"true\"}".getBytes(UTF_8),
                                                Optional.of(new JobId(id))))
                        .job();
        return new JobRecord(
                job,
                "0".repeat(64),
                Trace.NONE,
                Instant.EPOCH,
                1,
                false,
                new JobState.Waiting(1, Instant.EPOCH, new Failure(Failure.Kind.CAPACITY, "none")),
                Spent.NOTHING,
                Map.of());
    }

    static JobResult result(String id) {
        return new JobResult(
                new JobId(id),
                1,
                Outcome.SUCCEEDED,
                OptionalInt.of(0),
                Optional.empty(),
                List.of(),
                Map.of(),
                Duration.ZERO,
                Optional.empty(),
                Instant.EPOCH,
                Optional.empty(),
                Instant.EPOCH,
                Trace.NONE);
    }

    static Commit claim(String id, long consumedTo) {
        return new Commit(
                List.of(record(id)), List.of(), List.of(), List.of(), OptionalLong.of(consumedTo));
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
        admin.close(Duration.ofSeconds(1));
        broker.close();
        scheduler.close();
    }
}
