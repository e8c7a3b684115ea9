package dev.spate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Prometheus itself reads what is shipped for it, and its rules do what their tests say. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PromtoolIT {

    private static final Path DIRECTORY = Path.of("config/prometheus");

    @Test
    void theScrapeConfigurationIsValid() throws Exception {
        assertThat(promtool("check", "config", "prometheus.yml")).contains("SUCCESS");
    }

    @Test
    void theRulesAreValid() throws Exception {
        assertThat(promtool("check", "rules", "alerts.yml")).contains("SUCCESS");
    }

    /** That every alert has a test, {@link ShippedFilesTest} says. */
    @Test
    void everyAlertFiresWhenItShouldAndIsSilentWhenNot() throws Exception {
        assertThat(promtool("test", "rules", "alerts_test.yml")).contains("SUCCESS");
    }

    /** What it says; a failure of this test if it is not content. */
    private static String promtool(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(DIRECTORY.toFile())
                            .redirectErrorStream(true)
                            .start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
            return said;
        } catch (IOException missing) {
            return fail(
                    "promtool is not on the PATH; install it (Debian: apt-get install prometheus)");
        }
    }
}
