package dev.spate.cli;

import dev.spate.config.Configuration;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Where the configuration is. */
final class ConfigurationOptions {

    /** Who sets one of these means some Kafka of his own. */
    private static final Pattern PLACES = Pattern.compile("SPATE_GROUP|SPATE_KAFKA_.*");

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
        return read(reader, chosen(environment), environment);
    }

    /**
     * Reads it for a command that talks to Kafka. If nothing says where Kafka is and {@code spate
     * local} runs on this machine, that is meant; standard error tells who is.
     */
    Configuration readOrLocal(Configuration.Reader reader, Terminal terminal) {
        Map<String, String> environment = terminal.environment();
        Optional<Path> chosen = chosen(environment);
        boolean isSaid =
                chosen.isPresent()
                        || bootstrap.isPresent()
                        || environment.keySet().stream().anyMatch(PLACES.asMatchPredicate());
        if (isSaid) {
            return read(reader, chosen, environment);
        }
        Optional<Path> local = LocalPlace.running(environment);
        Configuration configuration = read(reader, local, environment);
        String kafka = "Kafka at " + configuration.kafka().bootstrapServers();
        terminal.complain(
                local.isPresent()
                        ? "spate: asking spate local, " + kafka
                        : "spate: no spate local runs here, asking " + kafka);
        return configuration;
    }

    private Configuration read(
            Configuration.Reader reader, Optional<Path> chosen, Map<String, String> environment) {
        Map<String, String> overridden = new HashMap<>(environment);
        bootstrap.ifPresent(servers -> overridden.put("SPATE_KAFKA_BOOTSTRAP_SERVERS", servers));
        return Configuration.read(reader, chosen, overridden);
    }

    private Optional<Path> chosen(Map<String, String> environment) {
        return file.or(
                () ->
                        Optional.ofNullable(environment.get("SPATE_CONFIG"))
                                .filter(name -> !name.isBlank())
                                .map(Path::of));
    }
}
