package dev.spate.config;

import dev.spate.job.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Values from environment variables: {@code kafka.bootstrap-servers} is {@code
 * SPATE_KAFKA_BOOTSTRAP_SERVERS}; {@code …_FILE} names a file that has the value.
 */
final class Environment {

    private static final String PREFIX = "SPATE_";
    private static final String IN_FILE = "_FILE";

    /** Read by the scripts, the command line and the log configuration rather than here. */
    private static final Set<String> NOT_KEYS =
            Set.of(
                    "SPATE_API",
                    "SPATE_API_TOKEN",
                    "SPATE_API_TOKEN_FILE",
                    "SPATE_CONFIG",
                    "SPATE_DEBUG",
                    "SPATE_JAVA_OPTIONS",
                    "SPATE_LOG_FORMAT",
                    "SPATE_LOG_LEVEL");

    /** Set for every run on a machine, together with others whose names depend on the job. */
    private static final String ON_A_MACHINE = "SPATE_MEMBER";

    /**
     * What Kubernetes puts into every container for each service of the namespace, among them
     * perhaps one called spate.
     */
    private static final Pattern OF_KUBERNETES =
            Pattern.compile(
                    "SPATE_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\\d+_(TCP|UDP|SCTP)(_.+)?)");

    /** Properties whose own names end so. */
    private static final Pattern FILES_OF_KAFKA =
            Pattern.compile("SPATE_KAFKA_PROPERTIES_SASL_OAUTHBEARER_ASSERTION_(.+_)?FILE");

    /** Variables that mean the same to other programs too. */
    private static final Map<String, String> COMMON =
            Map.of("tracing.endpoint", "OTEL_EXPORTER_OTLP_ENDPOINT");

    private final Map<String, String> variables = new TreeMap<>();
    private final Map<String, String> common = new TreeMap<>();

    Environment(Map<String, String> environment) {
        environment.forEach(
                (name, value) -> {
                    if (COMMON.containsValue(name)) {
                        common.put(name, value);
                    }
                    if (name.startsWith(PREFIX) && !isForeign(name, value)) {
                        variables.put(name, value);
                    }
                });
    }

    /** The variable of a key. */
    static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    /** The value of a key; an empty variable counts as not set. */
    Optional<Found> find(String key, List<String> mistakes) {
        String variable = variable(key);
        String value = variables.get(variable);
        if (value != null && !value.isBlank()) {
            return Optional.of(new Found(value, variable));
        }
        String file = variables.get(variable + IN_FILE);
        return file == null || file.isBlank()
                ? findCommon(key)
                : content(variable + IN_FILE, file, mistakes);
    }

    private Optional<Found> findCommon(String key) {
        return Optional.ofNullable(COMMON.get(key))
                .flatMap(
                        name ->
                                Optional.ofNullable(common.get(name))
                                        .filter(value -> !value.isBlank())
                                        .map(value -> new Found(value, name)));
    }

    private static Optional<Found> content(String variable, String file, List<String> mistakes) {
        try {
            return Optional.of(new Found(Files.readString(Path.of(file)).strip(), variable));
        } catch (IOException | InvalidPathException unreadable) {
            mistakes.add(variable + ": expected a readable file, found " + Text.quoted(file));
            return Optional.empty();
        }
    }

    /**
     * The values below a key whose own keys are somebody else's, with dots between the words; here
     * as well, {@code …_FILE} names a file that has the value, unless that is Kafka's own name.
     */
    Map<String, Found> below(String key, List<String> mistakes) {
        String prefix = variable(key) + "_";
        Map<String, Found> below = new TreeMap<>();
        variables.forEach(
                (name, value) -> {
                    if (!name.startsWith(prefix) || value.isBlank()) {
                        return;
                    }
                    boolean isInFile =
                            name.endsWith(IN_FILE) && !FILES_OF_KAFKA.matcher(name).matches();
                    String rest = (isInFile ? withoutFile(name) : name).substring(prefix.length());
                    Optional<Found> found =
                            isInFile
                                    ? content(name, value, mistakes)
                                    : Optional.of(new Found(value, name));
                    found.ifPresent(
                            it -> below.put(rest.toLowerCase(Locale.ROOT).replace('_', '.'), it));
                });
        return below;
    }

    /**
     * The variables that are meant for the configuration, as far as can be told. In a job that
     * calls Spate itself, nothing can.
     */
    Set<String> names() {
        return variables.containsKey(ON_A_MACHINE) ? Set.of() : Set.copyOf(variables.keySet());
    }

    static String withoutFile(String variable) {
        return variable.endsWith(IN_FILE)
                ? variable.substring(0, variable.length() - IN_FILE.length())
                : variable;
    }

    private static boolean isForeign(String name, String value) {
        return NOT_KEYS.contains(name)
                || OF_KUBERNETES.matcher(name).matches()
                || (name.endsWith("_PORT") && value.matches("(tcp|udp|sctp)://.*"));
    }
}
