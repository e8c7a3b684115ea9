package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spate.job.JobId;
import dev.spate.kafka.ClientProperties;
import dev.spate.kafka.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Where jobs, and the wish that one not be done, are published. */
final class JobsTopic implements JobsDoor {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final KafkaSettings settings;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();

    JobsTopic(KafkaSettings settings) {
        this.settings = settings;
        Map<String, Object> properties = new HashMap<>(new ClientProperties(settings).producer());
        properties.put("max.block.ms", Math.toIntExact(PATIENCE.toMillis()));
        properties.put("delivery.timeout.ms", Math.toIntExact(PATIENCE.toMillis()));
        properties.put("request.timeout.ms", 10_000);
        this.producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Sends a job message. */
    @Override
    public void submit(JobId id, byte[] message) {
        send(id, null, message);
    }

    /**
     * Sends the wish that a job not be done to every partition: other clients than ours may have
     * put the job in another than we would. Blocks for a quarter of a minute at most.
     */
    @Override
    public void cancel(JobId id) {
        try {
            for (PartitionInfo partition : producer.partitionsFor(settings.topics().jobs())) {
                send(id, partition.partition(), null);
            }
        } catch (KafkaException notThere) {
            throw unreachable(notThere);
        }
    }

    /**
     * Blocks until Kafka has everything, for a quarter of a minute at most.
     *
     * @return when Kafka took the first of them
     */
    @Override
    public Instant flush() throws InterruptedException {
        producer.flush();
        long first = Long.MAX_VALUE;
        for (Future<RecordMetadata> one : sent) {
            try {
                first = Math.min(first, one.get().timestamp());
            } catch (ExecutionException refused) {
                throw unreachable(refused.getCause());
            }
        }
        sent.clear();
        return first == Long.MAX_VALUE ? Instant.EPOCH : Instant.ofEpochMilli(first);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }

    private void send(JobId id, @Nullable Integer partition, byte @Nullable [] message) {
        sent.add(
                producer.send(
                        new ProducerRecord<>(
                                settings.topics().jobs(),
                                partition,
                                id.value().getBytes(UTF_8),
                                message)));
    }

    private Refusal unreachable(@Nullable Throwable why) {
        String reason =
                why instanceof TimeoutException
                        ? "nobody answers, or there is no topic "
                                + settings.topics().jobs()
                                + " (spate topics tells)"
                        : String.valueOf(why == null ? "unknown" : why.getMessage());
        return Refusal.failure("Kafka at " + settings.bootstrapServers() + ": " + reason);
    }
}
