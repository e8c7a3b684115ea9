package dev.spate.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A short run of the harness; {@code ./lab chaos} does longer ones. */
class ChaosIT {

    /** What builds others may run at the same time is not known here. */
    private static final Duration SLOW_HOST_MARGIN = Duration.ofSeconds(30);

    @Test
    @Timeout(600)
    void losesNothingRunsNothingTwiceAndLeaksNothing() throws Exception {
        Path directory = Files.createTempDirectory("spate-chaos");
        ChaosSettings settings =
                new ChaosSettings(
                        10,
                        Duration.ofSeconds(75),
                        1,
                        Duration.ofSeconds(6),
                        SLOW_HOST_MARGIN,
                        40,
                        directory);

        assertThat(ChaosRun.run(settings, System.out)).isEmpty();
    }
}
