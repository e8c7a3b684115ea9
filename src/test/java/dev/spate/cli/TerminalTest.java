package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TerminalTest {

    /** The beginning of a sequence that is no ASCII, and what turns the text's direction. */
    private static final String JSON = "{\"run\":\"é\u009b2J\u202eabc\"}";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void jsonDoesNotSteerATerminalAndMeansTheSame() {
        terminal(Path.of("/dev/null")).print(JSON);

        assertThat(out.toString(UTF_8).strip()).isEqualTo("{\"run\":\"é\\u009b2J\\u202eabc\"}");
    }

    @Test
    void linesKeepColoursAndNothingElseThatSteers() {
        terminal(Path.of("/dev/null")).print("\u001b[33mlost\u001b[0m\ta\u001b[2J\u001b[8m\bb\n");

        assertThat(out.toString(UTF_8).strip())
                .isEqualTo("\u001b[33mlost\u001b[0m\ta\\u001b[2J\\u001b[8m\\u0008b");
    }

    @Test
    void programsGetJsonAsItIs(@TempDir Path directory) throws Exception {
        terminal(Files.createTempFile(directory, "out", ".json")).print(JSON);

        assertThat(out.toString(UTF_8).strip()).isEqualTo(JSON);
    }

    @Test
    void onlyWhatIsCertainlyATerminalIsDrawnOn(@TempDir Path directory) throws Exception {
        Path terminal = Path.of("/dev/tty");

        assertThat(new BytePrinter(out, Path.of("/dev/null")).isTerminal()).isFalse();
        assertThat(new BytePrinter(out, directory.resolve("nothing")).isTerminal()).isFalse();
        assertThat(new BytePrinter(out, terminal).isTerminal()).isEqualTo(Files.exists(terminal));
    }

    private Terminal terminal(Path to) {
        return new Terminal(
                InputStream.nullInputStream(),
                new BytePrinter(out, to),
                new BytePrinter(out, to),
                Map.of(),
                false);
    }
}
