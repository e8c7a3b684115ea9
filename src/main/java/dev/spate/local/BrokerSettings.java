package dev.spate.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How the embedded broker runs.
 *
 * @param data its data directory; made if it is not there
 * @param port the port clients connect to; 0 means any free one
 * @param sessionTimeout after which a silent member of a consumer group is taken for dead; 1 s to
 *     10 min
 * @param overrides further broker properties, by Kafka's own names; they win
 */
public record BrokerSettings(
        Path data, int port, Duration sessionTimeout, Map<String, String> overrides) {

    static final int NODE_ID = 1;
    static final String CLIENTS = "CLIENTS";
    static final String CONTROLLER = "CONTROLLER";

    /**
     * For telling the controller, without which a broker that starts again waits for its former
     * self's session to end.
     */
    static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(3);

    private static final Duration SESSION_TIMEOUT_MIN = Duration.ofSeconds(1);
    private static final Duration SESSION_TIMEOUT_MAX = Duration.ofMinutes(10);

    public BrokerSettings {
        overrides = Map.copyOf(overrides);
        data = data.toAbsolutePath().normalize();
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: expected 0 to 65535, found " + port);
        }
        if (sessionTimeout.compareTo(SESSION_TIMEOUT_MIN) < 0
                || sessionTimeout.compareTo(SESSION_TIMEOUT_MAX) > 0) {
            throw new IllegalArgumentException(
                    "sessionTimeout: expected PT1S to PT10M, found " + sessionTimeout);
        }
    }

    /** Any port, and dead workers noticed after ten seconds. */
    public static BrokerSettings in(Path data) {
        return new BrokerSettings(data, 0, Duration.ofSeconds(10), Map.of());
    }

    /** The same on a port of one's choice. */
    public BrokerSettings at(int port) {
        return new BrokerSettings(data, port, sessionTimeout, overrides);
    }

    /** The same with another session timeout. */
    public BrokerSettings noticingTheDeadAfter(Duration sessionTimeout) {
        return new BrokerSettings(data, port, sessionTimeout, overrides);
    }

    Map<String, String> properties(int clientPort, int controllerPort) {
        Map<String, String> properties = new HashMap<>();
        addNode(properties, clientPort, controllerPort);
        addGroups(properties);
        addFrugality(properties);
        properties.putAll(overrides);
        return properties;
    }

    private void addNode(Map<String, String> properties, int clientPort, int controllerPort) {
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(NODE_ID));
        properties.put("controller.listener.names", CONTROLLER);
        properties.put("inter.broker.listener.name", CLIENTS);
        properties.put(
                "listeners",
                CLIENTS
                        + "://127.0.0.1:"
                        + clientPort
                        + ","
                        + CONTROLLER
                        + "://127.0.0.1:"
                        + controllerPort);
        properties.put(
                "listener.security.protocol.map",
                CLIENTS + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        properties.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        properties.put("log.dirs", data.toString());
        properties.put("auto.create.topics.enable", "false");
        for (String topic :
                new String[] {
                    "offsets.topic", "transaction.state.log", "share.coordinator.state.topic"
                }) {
            properties.put(topic + ".replication.factor", "1");
            properties.put(topic + ".num.partitions", "4");
        }
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
    }

    private void addGroups(Map<String, String> properties) {
        String timeout = Long.toString(sessionTimeout.toMillis());
        // Kafka wants at least three heartbeats in a session.
        String heartbeat = Long.toString(Math.min(sessionTimeout.toMillis() / 4, 3_000));
        for (String group : new String[] {"group.consumer", "group.streams", "group.share"}) {
            properties.put(group + ".min.session.timeout.ms", timeout);
            properties.put(group + ".session.timeout.ms", timeout);
            properties.put(group + ".min.heartbeat.interval.ms", heartbeat);
            properties.put(group + ".heartbeat.interval.ms", heartbeat);
        }
        properties.put("group.min.session.timeout.ms", "1000");
        properties.put("group.initial.rebalance.delay.ms", "0");
    }

    /** One user, one machine: fewer threads, smaller buffers, a quieter metadata log. */
    private static void addFrugality(Map<String, String> properties) {
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "4");
        properties.put("log.cleaner.dedupe.buffer.size", "4194304");
        properties.put("log.cleaner.backoff.ms", "15000");
        properties.put("metadata.max.idle.interval.ms", "5000");
    }
}
