package dev.spate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./spate} prints is the command's alone. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class StartScriptIT {

    private static final List<Path> PARTS =
            List.of(
                    Path.of("spate"),
                    Path.of("scripts"),
                    Path.of("target/spate.jar"),
                    Path.of("target/lib"));

    @TempDir private Path home;

    /** As in a container: without sources, so that nothing is built. */
    @BeforeEach
    void link() throws IOException {
        Files.createDirectory(home.resolve("target"));
        for (Path part : PARTS) {
            assertThat(part).as("made by Maven's package phase, or in the checkout").exists();
            if (part.equals(Path.of("spate"))) {
                // It looks for the others beside itself, wherever a link leads.
                Files.copy(part, home.resolve(part));
            } else {
                Files.createSymbolicLink(home.resolve(part), part.toAbsolutePath());
            }
        }
    }

    @Test
    void saysNothingOfTheClassesThatTheFirstStartLeaves() throws Exception {
        Path archive = home.resolve("target/classes-of-check.jsa");
        String job = "{\"run\": \"date\"}";

        assertThat(spate(job, "check", "-")).isEqualTo("standard input: ok, 1 machine\n");
        assertThat(archive).exists();
        assertThat(spate(job, "check", "-")).isEqualTo("standard input: ok, 1 machine\n");
    }

    /** What it prints, on both streams. */
    private String spate(String in, String... arguments) throws Exception {
        ProcessBuilder start = new ProcessBuilder("sh", home.resolve("spate").toString());
        start.command().addAll(List.of(arguments));
        Process process = start.redirectErrorStream(true).start();
        try (var out = process.outputWriter()) {
            out.write(in);
        }
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
