package dev.spate.cli;

import dev.spate.config.Configuration;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the configuration is. */
final class ConfigurationOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The configuration file (default: $SPATE_CONFIG, or none; the environment wins).")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka's brokers, instead of what is configured.")
    private Optional<String> bootstrap = Optional.empty();

    /** Reads it. */
    Configuration read(Configuration.Reader reader, Map<String, String> environment) {
        Map<String, String> overridden = new HashMap<>(environment);
        bootstrap.ifPresent(servers -> overridden.put("SPATE_KAFKA_BOOTSTRAP_SERVERS", servers));
        Optional<Path> chosen =
                file.or(
                        () ->
                                Optional.ofNullable(environment.get("SPATE_CONFIG"))
                                        .filter(name -> !name.isBlank())
                                        .map(Path::of));
        return Configuration.read(reader, chosen, overridden);
    }
}
