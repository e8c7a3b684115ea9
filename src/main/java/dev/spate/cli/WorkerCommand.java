package dev.spate.cli;

import dev.spate.config.Configuration;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spate worker}. */
@Command(
        name = "worker",
        description = {
            "Take jobs from Kafka and do them on EC2, until SIGTERM or Ctrl-C.",
            "Running jobs are left running; the next worker of the group takes them up."
        },
        footer = {
            "",
            "Example:",
            "  SPATE_GROUP=builds SPATE_SECRET_FILE=/run/secrets/spate \\",
            "    SPATE_KAFKA_BOOTSTRAP_SERVERS=kafka:9092 spate worker"
        })
final class WorkerCommand implements Callable<Integer> {

    private static final Logger log = LoggerFactory.getLogger(WorkerCommand.class);

    private final Terminal terminal;

    @Mixin private final LogFormat logFormat = new LogFormat();

    @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

    WorkerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        logFormat.apply(terminal.environment());
        Configuration configuration =
                options.read(Configuration.Reader.WORKER, terminal.environment());
        try (Stop stop = Stop.onSignal();
                RunningWorker worker = Wiring.start(configuration)) {
            log.info(
                    "Worker of group {}: Kafka at {}, HTTP at {}",
                    configuration.group(),
                    configuration.kafka().bootstrapServers(),
                    worker.web().url());
            stop.await(worker.ended());
            log.info("Stopping: giving back shards, leaving machines alone");
        }
        return 0;
    }
}
