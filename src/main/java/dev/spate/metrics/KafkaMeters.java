package dev.spate.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * What Kafka's clients tell of themselves, as long as the handle returned is not closed. Safe for
 * any thread.
 */
public final class KafkaMeters implements AutoCloseable {

    private final MeterRegistry registry;

    /** Looks for new metrics now and then. One thread for all clients, which can be many. */
    private final ScheduledExecutorService refresher =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("kafka-meters").factory());

    KafkaMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Tells of a consumer. */
    public AutoCloseable watch(Consumer<?, ?> consumer) {
        return bound(new KafkaClientMetrics(consumer, Tags.empty(), refresher));
    }

    /** Tells of a producer. */
    public AutoCloseable watch(Producer<?, ?> producer) {
        return bound(new KafkaClientMetrics(producer, Tags.empty(), refresher));
    }

    /** Tells of an administrator. */
    public AutoCloseable watch(AdminClient admin) {
        return bound(new KafkaClientMetrics(admin, Tags.empty(), refresher));
    }

    @Override
    public void close() {
        refresher.shutdownNow();
    }

    private AutoCloseable bound(KafkaClientMetrics metrics) {
        metrics.bindTo(registry);
        return metrics;
    }
}
