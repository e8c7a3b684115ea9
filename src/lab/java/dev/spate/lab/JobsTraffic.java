package dev.spate.lab;

import dev.spate.async.Scheduler;
import dev.spate.job.JobResult;
import dev.spate.job.Trace;
import dev.spate.kafka.KafkaSettings;
import dev.spate.kafka.ResultReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What a user's system does: publishes jobs and reads results, with Kafka's plain clients. */
final class JobsTraffic implements AutoCloseable {

    private final KafkaSettings kafka;
    private final Scheduler scheduler;
    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** A result, and when it could be read. */
    record Arrival(JobResult result, Instant at) {

        /** What the job printed: when its command started, by this machine's clock. */
        Instant commandStartedAt() {
            long nanos = Long.parseLong(result.members().getFirst().out().head().strip());
            return Instant.ofEpochSecond(0, nanos);
        }

        String machine() {
            return result.members().getFirst().machine().value();
        }
    }

    JobsTraffic(KafkaSettings kafka, Scheduler scheduler) {
        this.kafka = kafka;
        this.scheduler = scheduler;
        this.producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
                        new StringSerializer(),
                        new StringSerializer());
        this.consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", kafka.bootstrapServers(),
                                "isolation.level", "read_committed",
                                "enable.auto.commit", "false",
                                "auto.offset.reset", "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                consumer.partitionsFor(kafka.topics().results()).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
    }

    /**
     * Publishes jobs whose command prints when it started, and ends.
     *
     * @param mayReuse whether they may run on machines that have served others
     */
    void publish(List<String> ids, boolean mayReuse) {
        publish(ids, "date +%s%N", mayReuse);
    }

    /**
     * Publishes jobs.
     *
     * @param run the command, without anything that JSON would have to have escaped
     * @param mayReuse whether they may run on machines that have served others
     */
    void publish(List<String> ids, String run, boolean mayReuse) {
        for (String id : ids) {
            String message =
                    "{\"id\": \""
                            + id
                            + "\", \"run\": \""
                            + run
                            + "\", \"reuse\": "
                            + mayReuse
                            + "}";
            var _ = producer.send(new ProducerRecord<>(kafka.topics().jobs(), id, message));
        }
        producer.flush();
    }

    /** The results that have come; waits a while for the first. */
    List<Arrival> poll(Duration patience) {
        List<Arrival> arrivals = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
            arrivals.add(
                    new Arrival(ResultReader.decode(record.value(), Trace.NONE), scheduler.now()));
        }
        return arrivals;
    }

    /** A result as text, for complaints. */
    static String describe(JobResult result) {
        return result.id() + " " + result.outcome().word() + " " + result.error();
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
