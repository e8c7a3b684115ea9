package dev.spate.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.local.Limits.Bucket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CloudOptionsTest {
    private final CloudOptions options = CloudOptions.in(Path.of("cloud"));

    @Test
    void setsByName() {
        CloudOptions set =
                options.with("seed", "7")
                        .with("region", "eu-west-1")
                        .with("delays", "lifelike")
                        .with("delays.boot", "250ms")
                        .with("capacity.spot/c7i.large/*", "2")
                        .with("quota.spot", "64")
                        .with("throttle.RunInstances", "0.5/2")
                        .with("faults.deadSshd", "0.05")
                        .with("delays.interruption", "1m");

        assertThat(set.seed()).isEqualTo(7);
        assertThat(set.region()).isEqualTo("eu-west-1");
        assertThat(set.weather().delays().of(Delay.BOOT)).isEqualTo(Duration.ofMillis(250));
        assertThat(set.weather().limits().capacity()).containsEntry("spot/c7i.large/*", 2);
        assertThat(set.weather().limits().spotVcpusMax()).isEqualTo(64);
        assertThat(set.weather().limits().throttles())
                .containsEntry("RunInstances", new Bucket(0.5, 2));
        assertThat(set.weather().faults().of(Fault.DEAD_SSHD)).isEqualTo(0.05);
        assertThat(set.weather().delays().of(Delay.INTERRUPTION)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void namesWhatIsWrong() {
        assertThatThrownBy(() -> options.with("faults.rain", "1"))
                .hasMessageContaining("faults.rain");
        assertThatThrownBy(() -> options.with("seed", "x")).hasMessageContaining("seed");
        assertThatThrownBy(() -> options.with("faults.deadSshd", "2"))
                .hasMessage("deadSshd must be from 0 to 1, not 2.0");
        assertThatThrownBy(() -> options.with("capacity.spot", "2")).hasMessageContaining("spot");
        assertThatThrownBy(() -> options.with("delays.boot", "soon")).hasMessageContaining("soon");
        assertThatThrownBy(() -> options.withPort(65_536)).hasMessageContaining("65536");
    }
}
