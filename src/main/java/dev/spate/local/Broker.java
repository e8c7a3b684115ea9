package dev.spate.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapDirectory;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker in this JVM: one KRaft node, broker and controller at once, on the loopback
 * address only.
 *
 * <ul>
 *   <li>Its data directory is formatted when it is empty and taken up as it is when it is not.
 *   <li>A fault inside it is logged; it never ends the JVM.
 *   <li>Several may run in one JVM, each on a data directory of its own.
 * </ul>
 *
 * <p>Safe for any thread.
 */
public final class Broker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Broker.class);

    private final int port;
    private final ControllerServer controller;
    private final BrokerServer broker;

    private Broker(int port, ControllerServer controller, BrokerServer broker) {
        this.port = port;
        this.controller = controller;
        this.broker = broker;
    }

    /**
     * Starts a broker and waits until it takes requests; 2 to 3 s in a cold JVM.
     *
     * @throws IOException if the data directory cannot be used, the port is taken, or the broker
     *     does not start
     */
    public static Broker start(BrokerSettings settings) throws IOException {
        Files.createDirectories(settings.data());
        // Ports have to be in the configuration before anything is bound to them, so the sockets
        // are bound first and handed over. Nobody can take a port in between.
        ServerSocketChannel clients = bind(settings.port());
        ServerSocketChannel controllers = bind(0);
        try {
            BrokerFormat.formatIfEmpty(settings.data());
            Broker broker = assemble(settings, clients, controllers);
            broker.startUp();
            log.info("Broker at {}, data in {}", broker.bootstrapServers(), settings.data());
            return broker;
        } catch (Throwable failure) {
            clients.close();
            controllers.close();
            throw asIoException(failure, settings);
        }
    }

    /** Where clients connect: {@code 127.0.0.1:PORT}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** The port clients connect to. */
    public int port() {
        return port;
    }

    /** Stops within a few seconds. What was acknowledged is on disk. Idempotent. */
    @Override
    public void close() {
        broker.shutdown(BrokerSettings.SHUTDOWN_TIMEOUT);
        controller.shutdown();
    }

    private static Broker assemble(
            BrokerSettings settings, ServerSocketChannel clients, ServerSocketChannel controllers)
            throws Exception {
        String data = settings.data().toString();
        int port = portOf(clients);
        KafkaConfig config = new KafkaConfig(settings.properties(port, portOf(controllers)), false);
        MetaPropertiesEnsemble properties =
                new MetaPropertiesEnsemble.Loader()
                        .addLogDirs(List.of(data))
                        .addMetadataLogDir(data)
                        .load();
        SharedServer shared =
                new SharedServer(
                        config,
                        properties,
                        Time.SYSTEM,
                        new Metrics(),
                        CompletableFuture.completedFuture(
                                Map.of(BrokerSettings.NODE_ID, loopback(portOf(controllers)))),
                        List.of(),
                        (name, _, action) -> new LoggingFaultHandler(name, action),
                        (listener, _, _, _) ->
                                listener.equals(BrokerSettings.CLIENTS) ? clients : controllers);
        return new Broker(
                port,
                new ControllerServer(
                        shared,
                        KafkaRaftServer.configSchema(),
                        new BootstrapDirectory(data).read()),
                new BrokerServer(shared));
    }

    private void startUp() {
        try {
            controller.startup();
            broker.startup();
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    private static ServerSocketChannel bind(int port) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.bind(loopback(port));
            return channel;
        } catch (IOException failure) {
            channel.close();
            IOException told =
                    new IOException(
                            "Kafka at 127.0.0.1:"
                                    + port
                                    + ": "
                                    + failure.getMessage()
                                    + "; end who has the port, or choose another");
            told.addSuppressed(failure);
            throw told;
        }
    }

    private static int portOf(ServerSocketChannel channel) {
        return channel.socket().getLocalPort();
    }

    /** Not the JDK's choice of loopback address, which may be IPv6. */
    private static InetSocketAddress loopback(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    private static IOException asIoException(Throwable failure, BrokerSettings settings) {
        if (failure instanceof IOException io) {
            return io;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new IOException(
                "broker in " + settings.data() + " does not start: " + failure.getMessage(),
                failure);
    }
}
