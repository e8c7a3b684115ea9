package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spate.engine.Incoming;
import dev.spate.job.JobId;
import dev.spate.kafka.ClientProperties;
import dev.spate.kafka.JobMessages;
import dev.spate.kafka.KafkaSettings;
import dev.spate.web.Submissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what comes over HTTP. The producer is made when it is first needed: most workers never
 * are. Safe for any thread.
 */
final class PublishedJobs implements Submissions, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String TRACE_HEADER = "traceparent";

    private final KafkaSettings settings;
    private final JobMessages messages;

    // Guarded by this.
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private boolean isClosed;

    PublishedJobs(KafkaSettings settings, JobMessages messages) {
        this.settings = settings;
        this.messages = messages;
    }

    @Override
    public Answer submit(byte[] message, Optional<String> traceParent) throws InterruptedException {
        JobId fresh = new JobId("job-" + UUID.randomUUID());
        return switch (messages.submission(message, fresh)) {
            case Incoming.Submitted taken -> publish(taken.job().id(), message, traceParent);
            case Incoming.Malformed bad -> new Answer.Refused(bad.why().message());
            case Incoming.Cancelled _ -> new Answer.Refused("expected a job message, found none");
        };
    }

    /**
     * To every partition: other clients than ours may have put the job in another than we would.
     */
    @Override
    public Answer cancel(JobId id) throws InterruptedException {
        return send(
                id,
                to -> {
                    List<Future<RecordMetadata>> sent = new ArrayList<>();
                    for (PartitionInfo partition : to.partitionsFor(settings.topics().jobs())) {
                        sent.add(to.send(record(id, partition.partition(), null)));
                    }
                    return sent;
                });
    }

    private Answer publish(JobId id, byte[] message, Optional<String> traceParent)
            throws InterruptedException {
        ProducerRecord<byte[], byte[]> record = record(id, null, message);
        traceParent.ifPresent(parent -> record.headers().add(TRACE_HEADER, parent.getBytes(UTF_8)));
        return send(id, to -> List.of(to.send(record)));
    }

    private ProducerRecord<byte[], byte[]> record(
            JobId id, @Nullable Integer partition, byte @Nullable [] message) {
        return new ProducerRecord<>(
                settings.topics().jobs(), partition, id.value().getBytes(UTF_8), message);
    }

    private interface Sending {
        List<Future<RecordMetadata>> through(KafkaProducer<byte[], byte[]> producer);
    }

    private Answer send(JobId id, Sending sending) throws InterruptedException {
        try {
            for (Future<RecordMetadata> one : sending.through(producer())) {
                // Bounded by the producer's own time-outs.
                one.get();
            }
            return new Answer.Published(id);
        } catch (InterruptException interrupted) {
            // Kafka sets the flag as well, which is for those who cannot throw.
            var _ = Thread.interrupted();
            InterruptedException thrown = new InterruptedException("interrupted while publishing");
            thrown.initCause(interrupted);
            throw thrown;
        } catch (ExecutionException refused) {
            return new Answer.Unreachable(told(refused.getCause()));
        } catch (KafkaException | IllegalStateException notThere) {
            return new Answer.Unreachable(told(notThere));
        }
    }

    private static String told(@Nullable Throwable why) {
        return "Kafka does not take it: " + (why == null ? "unknown" : why.getMessage());
    }

    private synchronized KafkaProducer<byte[], byte[]> producer() {
        if (isClosed) {
            throw new IllegalStateException("the worker is stopping");
        }
        KafkaProducer<byte[], byte[]> current = producer;
        if (current == null) {
            Map<String, Object> properties =
                    new HashMap<>(new ClientProperties(settings).producer());
            int millis = Math.toIntExact(PATIENCE.toMillis());
            properties.put("max.block.ms", millis);
            properties.put("delivery.timeout.ms", millis);
            properties.put("request.timeout.ms", millis / 2);
            properties.put("buffer.memory", 4L << 20);
            current =
                    new KafkaProducer<>(
                            properties, new ByteArraySerializer(), new ByteArraySerializer());
            producer = current;
        }
        return current;
    }

    @Override
    public void close() {
        KafkaProducer<byte[], byte[]> last;
        synchronized (this) {
            isClosed = true;
            last = producer;
        }
        if (last != null) {
            last.close(Duration.ofSeconds(1));
        }
    }
}
