package dev.spate.chaos;

import dev.spate.async.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Sends the messages of all jobs when their time has come, by a producer like any other. */
final class Traffic implements AutoCloseable {

    private static final String PATIENCE_MILLIS = "600000";

    private final Scheduler scheduler;
    private final String topic;
    private final KafkaProducer<String, String> producer;
    private final List<Sending> sendings = new ArrayList<>();

    private record Sending(Duration after, String key, @Nullable String value) {}

    Traffic(Scheduler scheduler, String bootstrapServers, String topic, List<ChaosJob> jobs) {
        this.scheduler = scheduler;
        this.topic = topic;
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers", bootstrapServers,
                                "acks", "all",
                                "enable.idempotence", "true",
                                // However long the broker is away.
                                "max.block.ms", PATIENCE_MILLIS,
                                "delivery.timeout.ms", PATIENCE_MILLIS),
                        new StringSerializer(),
                        new StringSerializer());
        for (ChaosJob job : jobs) {
            for (ChaosJob.Message message : job.messages()) {
                sendings.add(new Sending(message.after(), job.id(), message.value().orElse(null)));
            }
        }
        // Stable: what is sent at the same time about a job is sent in its order.
        sendings.sort(Comparator.comparing(Sending::after));
    }

    /**
     * Blocks until all are sent.
     *
     * @throws ExecutionException if the broker does not take one within ten minutes
     */
    @Nullable Void run(long beganNanos) throws InterruptedException, ExecutionException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Sending sending : sendings) {
            scheduler.sleep(sending.after().minusNanos(scheduler.nanoTime() - beganNanos));
            sent.add(producer.send(new ProducerRecord<>(topic, sending.key(), sending.value())));
        }
        for (Future<RecordMetadata> one : sent) {
            var _ = one.get();
        }
        return null;
    }

    @Override
    public void close() {
        producer.close();
    }
}
