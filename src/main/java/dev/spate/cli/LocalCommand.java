package dev.spate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spate local}. */
@Command(
        name = "local",
        description = {
            "Run everything on this machine until Ctrl-C: a Kafka broker, a simulated EC2, a worker.",
            "Jobs are real processes of this machine, run by you: it is a rehearsal, not a sandbox."
        },
        footer = {"", "Example:", "  spate local --kafka-port 9092 --set faults.failedBoot=0.1"})
final class LocalCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin private final LogFormat logFormat = new LogFormat();

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Where Kafka is; 0 = any free port (default: ${DEFAULT-VALUE}).")
    private int kafkaPort;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "9400",
            description =
                    "Where page, API and metrics are; 0 = any free port (default: ${DEFAULT-VALUE}).")
    private int httpPort;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:HOME:-${sys:user.home}}/.cache/spate/local",
            description = "Where everything is kept (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("");

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many partitions new topics get (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "How the cloud behaves, as with spate cloud; may be repeated.")
    private Map<String, String> cloud = new LinkedHashMap<>();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A configuration file, for profiles and the like.")
    private Optional<Path> file = Optional.empty();

    LocalCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        logFormat.apply(terminal.environment());
        LocalWorld.Plan plan =
                new LocalWorld.Plan(data, kafkaPort, httpPort, partitions, cloud, file);
        try (Stop stop = Stop.onSignal();
                LocalWorld world = LocalWorld.start(plan, terminal.environment())) {
            String kafka = world.configuration().kafka().bootstrapServers();
            terminal.print("Spate is ready.");
            String url = world.worker().web().url();
            terminal.print("  page     " + url + "/");
            if (Files.exists(LocalWorld.tokenFile(plan))) {
                terminal.print(
                        "  token    in "
                                + LocalWorld.tokenFile(plan)
                                + ", for submitting and cancelling on the page");
            }
            terminal.print("  Kafka    " + kafka);
            terminal.print("  metrics  " + url + "/metrics");
            terminal.print("  EC2      " + world.cloud().endpoint());
            String where =
                    LocalPlace.isUsual(data, terminal.environment())
                            ? ""
                            : " --config " + LocalPlace.clientFile(data);
            terminal.print("Try, in another terminal:");
            terminal.print("  ./spate submit --wait config/examples/hello.json" + where);
            terminal.print("  ./spate jobs" + where);
            terminal.print("  ./spate machines" + where);
            stop.await(world.worker().ended());
        }
        return 0;
    }
}
