package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.Member;
import dev.spate.job.RoleName;
import dev.spate.job.StreamName;
import dev.spate.kafka.LogPiece;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputTextTest {

    private static final Member ONE = new Member(RoleName.MAIN, 0);
    private static final Member TWO = new Member(new RoleName("client"), 2);

    /** What every Unix has and Spate must take for a terminal: a device, whatever it may be. */
    private static final Path DEVICE = Path.of("/dev/null");

    @TempDir private static Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void handsBytesOnToProgramsAsTheyAre() throws Exception {
        OutputText text = text(false, false, Optional.empty());
        text.print(
                new LogPiece.Chunk(
                        ONE, 1, StreamName.STDOUT, 0, new byte[] {27, '[', (byte) 0xff}));
        text.settled();

        assertThat(out.toByteArray()).containsExactly(27, '[', 0xff);
    }

    @Test
    void handsNoBytesOnToATerminalThatOnlyOneOfTheTwoIs() throws Exception {
        Path file = Files.createTempFile(directory, "out", ".txt");
        OutputText text = text(file, DEVICE, false, false, Optional.empty());
        text.print(chunk(ONE, StreamName.STDOUT, 0, "\u001b[31mred"));
        text.print(chunk(ONE, StreamName.STDERR, 0, "\u001b[31mred"));

        assertThat(out.toString(UTF_8)).isEqualTo("\u001b[31mred");
        assertThat(err.toString(UTF_8)).isEqualTo("red");
    }

    @Test
    void handsNoBytesOnIfNobodyKnowsWhereTheyGo() throws Exception {
        Path unknown = directory.resolve("not-there");
        OutputText text = text(unknown, unknown, false, false, Optional.empty());
        text.print(chunk(ONE, StreamName.STDOUT, 0, "\u001b[31mred"));

        assertThat(out.toString(UTF_8)).isEqualTo("red");
    }

    @Test
    void showsAPersonNoEscapeSequence() throws Exception {
        OutputText text = text(true, false, Optional.empty());
        text.print(chunk(ONE, StreamName.STDOUT, 0, "\u001b[31mred"));

        assertThat(out.toString(UTF_8)).isEqualTo("red");
    }

    @Test
    void saysWhoseEachWholeLineIs() throws Exception {
        OutputText text = text(true, true, Optional.empty());
        text.print(chunk(ONE, StreamName.STDOUT, 0, "a"));
        text.print(chunk(TWO, StreamName.STDOUT, 0, "x\ny"));
        text.print(chunk(ONE, StreamName.STDOUT, 1, "b\n"));
        text.print(chunk(TWO, StreamName.STDERR, 0, "oops\n"));
        text.end();

        assertThat(out.toString(UTF_8)).isEqualTo("client-2 | x\nmain-0 | ab\nclient-2 | y\n");
        assertThat(err.toString(UTF_8)).isEqualTo("client-2 | oops\n");
    }

    @Test
    void putsTheOneStreamThatIsWantedWhereAPipeFindsIt() throws Exception {
        OutputText text = text(false, false, Optional.of(StreamName.STDERR));
        text.print(chunk(ONE, StreamName.STDOUT, 0, "out"));
        text.print(chunk(ONE, StreamName.STDERR, 0, "err"));

        assertThat(out.toString(UTF_8)).isEqualTo("err");
        assertThat(err.size()).isZero();
    }

    @Test
    void tellsOfGapsCapsAndAttempts() throws Exception {
        OutputText text = text(false, false, Optional.empty());
        text.print(new LogPiece.Gap(ONE, 1, StreamName.STDOUT, 3, 10));
        text.print(new LogPiece.Capped(ONE, 1, StreamName.STDOUT, 1 << 20));
        text.print(new LogPiece.Chunk(ONE, 2, StreamName.STDOUT, 0, new byte[] {'x'}));

        assertThat(err.toString(UTF_8).lines())
                .containsExactly(
                        "spate logs: main-0 stdout: 7 bytes are missing here",
                        "spate logs: main-0 stdout: output beyond 1MiB is not in the live logs; the"
                                + " result has the beginning and the end",
                        "spate logs: attempt 2 begins");
    }

    private static LogPiece chunk(Member member, StreamName stream, long offset, String text) {
        return new LogPiece.Chunk(member, 1, stream, offset, text.getBytes(UTF_8));
    }

    private OutputText text(boolean isInteractive, boolean isPrefixed, Optional<StreamName> only)
            throws IOException {
        Path file = Files.createTempFile(directory, "both", ".txt");
        return text(file, file, isInteractive, isPrefixed, only);
    }

    private OutputText text(
            Path outTo,
            Path errTo,
            boolean isInteractive,
            boolean isPrefixed,
            Optional<StreamName> only) {
        Terminal terminal =
                new Terminal(
                        InputStream.nullInputStream(),
                        new BytePrinter(out, outTo),
                        new BytePrinter(err, errTo),
                        Map.of(),
                        isInteractive);
        return new OutputText(terminal, false, isPrefixed, only);
    }
}
