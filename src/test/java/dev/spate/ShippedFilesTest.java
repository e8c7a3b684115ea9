package dev.spate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What is shipped beside the program agrees with it, and with itself. */
class ShippedFilesTest {

    private static final Path ALERTS = Path.of("config/prometheus/alerts.yml");

    @Test
    void theComposeFileMountsWhatExists() throws IOException {
        assertThat(found("docker-compose.yml", "- \\./([^:]+):"))
                .hasSizeGreaterThan(3)
                .allSatisfy(path -> assertThat(Path.of(path)).exists());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docker-compose.yml",
                "Dockerfile",
                "scripts/container.sh",
                "config/kubernetes/spate.yaml",
                "config/prometheus/alerts.md",
                "README.md"
            })
    void everyVariableThatIsNamedExists(String file) throws IOException {
        Set<String> known = found("config/spate.yaml", "# (SPATE_[A-Z0-9_]+)");
        // Of the scripts and the logs, not of the configuration.
        known.addAll(Set.of("SPATE_IMAGE", "SPATE_JAVA_OPTIONS", "SPATE_LOG_LEVEL", "SPATE_DEBUG"));
        known.addAll(Set.of("SPATE_LOG_FORMAT", "SPATE_SERVER_0_ADDRESS"));
        known.addAll(Set.of("SPATE_SECRET_FILE", "SPATE_HTTP_TOKEN_FILE"));
        known.addAll(Set.of("SPATE_API", "SPATE_API_TOKEN"));

        assertThat(known).containsAll(found(file, "\\b(SPATE_[A-Z0-9_]+)"));
    }

    @Test
    void everyAlertTellsWhatToDoAndIsTested() throws IOException {
        Set<String> alerts = found(ALERTS.toString(), "- alert: (\\w+)");

        assertThat(found("config/prometheus/alerts.md", "(?m)^## (\\w+)$")).isEqualTo(alerts);
        assertThat(found(ALERTS.toString(), "alerts\\.md#(\\w+)"))
                .isEqualTo(
                        alerts.stream()
                                .map(alert -> alert.toLowerCase(Locale.ROOT))
                                .collect(Collectors.toSet()));
        String tests = Files.readString(Path.of("config/prometheus/alerts_test.yml"));
        for (String alert : alerts) {
            assertThat(tests)
                    .as("a case in which %s fires", alert)
                    .containsPattern("alertname: " + alert + "\n +exp_alerts:\n");
            assertThat(tests)
                    .as("a case in which %s does not", alert)
                    .contains("alertname: " + alert + ", exp_alerts: []");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docker-compose.yml",
                "config/kubernetes/spate.yaml",
                "config/prometheus/prometheus.yml",
                "config/prometheus/alerts.yml",
                "config/prometheus/alerts_test.yml",
                "config/grafana/datasources.yml",
                "config/grafana/dashboards.yml"
            })
    void isYaml(String file) throws IOException {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));

        assertThat(yaml.loadAll(Files.readString(Path.of(file)))).isNotEmpty().doesNotContainNull();
    }

    /** What the first group of a pattern matches in a file, each once. */
    private static Set<String> found(String file, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(Path.of(file)))
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
