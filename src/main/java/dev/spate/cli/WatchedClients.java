package dev.spate.cli;

import dev.spate.kafka.ClientListener;
import dev.spate.metrics.KafkaMeters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the metrics of Kafka's clients told as long as the clients live. */
final class WatchedClients implements ClientListener {

    private static final Logger log = LoggerFactory.getLogger(WatchedClients.class);

    private final KafkaMeters meters;
    private final Map<AutoCloseable, AutoCloseable> watched = new ConcurrentHashMap<>();

    WatchedClients(KafkaMeters meters) {
        this.meters = meters;
    }

    @Override
    public void created(AutoCloseable client) {
        switch (client) {
            case Consumer<?, ?> consumer -> watched.put(client, meters.watch(consumer));
            case Producer<?, ?> producer -> watched.put(client, meters.watch(producer));
            case AdminClient admin -> watched.put(client, meters.watch(admin));
            case AutoCloseable other -> log.debug("No metrics for {}", other.getClass());
        }
    }

    @Override
    public void closed(AutoCloseable client) {
        AutoCloseable handle = watched.remove(client);
        if (handle == null) {
            return;
        }
        try {
            handle.close();
        } catch (Exception broken) {
            log.warn("A Kafka client's metrics stay: {}", broken.getMessage());
        }
    }
}
