package dev.spate.kafka;

import java.util.HashMap;
import java.util.Map;

/** What each kind of client is told. */
public final class ClientProperties {

    private final KafkaSettings settings;

    public ClientProperties(KafkaSettings settings) {
        this.settings = settings;
    }

    /** For {@code Admin}. */
    public Map<String, Object> admin() {
        Map<String, Object> properties = common();
        properties.putIfAbsent("default.api.timeout.ms", 15_000);
        properties.putIfAbsent("request.timeout.ms", 10_000);
        return properties;
    }

    /** What every client is told, whatever it is for. */
    public Map<String, Object> every() {
        return common();
    }

    /** For the worker's consumer of jobs. */
    Map<String, Object> jobs() {
        Map<String, Object> properties = reader();
        properties.put("group.id", settings.group());
        properties.put("group.protocol", "consumer");
        properties.put("auto.offset.reset", "earliest");
        properties.putIfAbsent("max.poll.records", 500);
        properties.putIfAbsent("fetch.max.bytes", 8 << 20);
        // Sessions and heartbeats are the broker's business in the new protocol; these two are
        // refused with it, and may be there for other clients.
        properties.remove("session.timeout.ms");
        properties.remove("heartbeat.interval.ms");
        properties.remove("partition.assignment.strategy");
        return properties;
    }

    /** For reading topics without being in a group; sees committed transactions only. */
    public Map<String, Object> reader() {
        Map<String, Object> properties = common();
        properties.put("enable.auto.commit", false);
        properties.put("isolation.level", "read_committed");
        properties.put("allow.auto.create.topics", false);
        properties.put("auto.offset.reset", "earliest");
        return properties;
    }

    /** The same for somebody who waits: gives up after fifteen seconds. */
    public Map<String, Object> tail() {
        Map<String, Object> properties = reader();
        properties.put("default.api.timeout.ms", 15_000);
        properties.put("request.timeout.ms", 10_000);
        return properties;
    }

    /** For reading a partition of the journal from beginning to end, quickly. */
    Map<String, Object> replay() {
        Map<String, Object> properties = reader();
        properties.put("max.poll.records", 5_000);
        // A transaction's marker is no record: at the end, the broker waits for one in vain.
        properties.put("fetch.max.wait.ms", 50);
        return properties;
    }

    /** For the one producer that may change a shard. */
    Map<String, Object> shardProducer(int shard) {
        Map<String, Object> properties = producer();
        int commitMillis = Math.toIntExact(settings.commitTimeout().toMillis());
        properties.put("transactional.id", settings.group() + "-" + shard);
        properties.put("max.block.ms", commitMillis);
        properties.put("delivery.timeout.ms", commitMillis);
        properties.put("request.timeout.ms", Math.max(1, commitMillis / 3));
        // Longer than any transaction of ours: the broker gives up only on a producer that is dead.
        properties.put("transaction.timeout.ms", Math.min(2 * commitMillis, 900_000));
        return properties;
    }

    /** For writing outside of transactions. */
    public Map<String, Object> producer() {
        Map<String, Object> properties = common();
        properties.put("acks", "all");
        properties.put("enable.idempotence", true);
        properties.put("linger.ms", 0);
        // Room for the largest result, or for any rejected message, and their headers.
        properties.put("max.request.size", Math.max(1 << 20, settings.resultBytesMax() + 65_536));
        return properties;
    }

    /** For the one producer of output: never in the way of anything else. */
    Map<String, Object> logProducer() {
        Map<String, Object> properties = producer();
        properties.put("compression.type", "lz4");
        properties.put("batch.size", 128 << 10);
        properties.put("buffer.memory", 16L << 20);
        properties.put("max.block.ms", 5_000);
        properties.put("request.timeout.ms", 5_000);
        // A broker that starts anew is back by then.
        properties.put("delivery.timeout.ms", 15_000);
        return properties;
    }

    /** For reading what was published outside of transactions. */
    Map<String, Object> logReader() {
        Map<String, Object> properties = tail();
        properties.put("isolation.level", "read_uncommitted");
        return properties;
    }

    private Map<String, Object> common() {
        Map<String, Object> properties = new HashMap<>(settings.properties());
        properties.put("bootstrap.servers", settings.bootstrapServers());
        properties.put("enable.metrics.push", false);
        return properties;
    }
}
