package dev.spate.cli;

import dev.spate.local.Broker;
import dev.spate.local.BrokerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spate broker}. */
@Command(
        name = "broker",
        description = "Run a Kafka broker on this machine until Ctrl-C, for trying things out.",
        footer = {"", "Example:", "  spate broker --port 9092 --data /tmp/spate-broker"})
final class BrokerCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin private final LogFormat logFormat = new LogFormat();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Where clients connect; 0 = any free port (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "target/broker",
            description =
                    "Where its data is kept; made if it is not there (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("");

    @Option(
            names = "--session-timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description =
                    "After which a silent worker is taken for dead (default: ${DEFAULT-VALUE}).")
    private Duration sessionTimeout = Duration.ofSeconds(10);

    BrokerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        logFormat.apply(terminal.environment());
        try (Stop stop = Stop.onSignal();
                Broker broker = Broker.start(settings())) {
            terminal.print("Kafka is ready at " + broker.bootstrapServers());
            stop.await();
        }
        return 0;
    }

    private BrokerSettings settings() {
        try {
            return BrokerSettings.in(data).at(port).noticingTheDeadAfter(sessionTimeout);
        } catch (IllegalArgumentException wrong) {
            throw Refusal.usage(String.valueOf(wrong.getMessage()));
        }
    }
}
