package dev.spate.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.Launch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class UserDataTest {

    @Test
    void isTheSameOnEveryWorkerAndInEveryVersion() throws IOException {
        // A launch is repeated by another worker, perhaps of another version, with the same token:
        // EC2 refuses that if the text differs.
        assertThat(rendered()).isEqualTo(golden());
    }

    /** For a launch with a lease of an hour. */
    static String rendered() {
        Launch launch = Samples.launch(1, 1);
        return UserData.render(launch, "spate", new FakeKeys().planted(launch.token()));
    }

    private static String golden() throws IOException {
        try (InputStream file = UserDataTest.class.getResourceAsStream("user-data.yaml")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
