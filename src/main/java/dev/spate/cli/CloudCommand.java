package dev.spate.cli;

import dev.spate.async.SystemScheduler;
import dev.spate.local.CloudOptions;
import dev.spate.local.SimulatedCloud;
import dev.spate.local.WeatherSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spate cloud}. */
@Command(name = "cloud", description = "Run a simulated EC2 on this machine until Ctrl-C.")
final class CloudCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin private final LogFormat logFormat = new LogFormat();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "4566",
            description = "Where the EC2 API is; 0 = any free port (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "target/cloud",
            description =
                    "Where its machines live; made if it is not there (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("");

    @Option(
            names = "--ssh-port",
            paramLabel = "PORT",
            defaultValue = "22",
            description =
                    "Where its machines take SSH; 0 = any free port (default: ${DEFAULT-VALUE}).")
    private int sshPort;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "How the cloud behaves; may be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    CloudCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Lists the settings, which rehearse a bad day. */
    @Spec
    void describe(CommandSpec spec) {
        List<String> footer = new ArrayList<>(List.of("", "Settings:"));
        footer.add("  seed=N  of all chance: the same seed and calls bring the same misfortunes");
        footer.add("  region=NAME, keepsMachineDirectories=true|false");
        for (WeatherSettings.Line line : WeatherSettings.lines()) {
            footer.add("  " + line.name());
            footer.add("      " + line.meaning());
        }
        footer.addAll(
                List.of(
                        "",
                        "All but the first three can be changed while it runs:",
                        "  curl -X PUT -d 0.3 http://127.0.0.1:4566/settings/faults.lostReply",
                        "",
                        "Example:",
                        "  spate cloud --port 4566 --data /tmp/cloud --set faults.failedBoot=0.1"));
        spec.usageMessage().footer(footer.toArray(String[]::new));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        logFormat.apply(terminal.environment());
        CloudOptions options = options();
        try (Stop stop = Stop.onSignal();
                SystemScheduler scheduler = new SystemScheduler();
                SimulatedCloud cloud = SimulatedCloud.start(options, scheduler)) {
            terminal.print(
                    "EC2 is ready at "
                            + cloud.endpoint()
                            + ", region "
                            + cloud.region()
                            + ", machines at SSH port "
                            + cloud.sshPort());
            stop.await();
        }
        return 0;
    }

    private CloudOptions options() {
        try {
            CloudOptions options = CloudOptions.in(data).withPort(port).withSshPort(sshPort);
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                options = options.with(setting.getKey(), setting.getValue());
            }
            return options;
        } catch (IllegalArgumentException wrong) {
            throw Refusal.usage(String.valueOf(wrong.getMessage()));
        }
    }
}
