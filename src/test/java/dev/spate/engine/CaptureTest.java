package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.fleet.OutputSink.Stream;
import dev.spate.job.Captured;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CaptureTest {

    private final Capture capture = new Capture(4, 3);

    @Test
    void keepsWholeWhatFitsIntoHeadAndTail() {
        write(0, "abcdefg");

        assertThat(capture.captured(Stream.OUT)).isEqualTo(new Captured(7, "abcd", "efg", false));
    }

    @Test
    void keepsBeginningAndEndOfWhatDoesNotFit() {
        write(0, "abcdefghij");

        assertThat(capture.captured(Stream.OUT)).isEqualTo(new Captured(10, "abcd", "hij", true));
    }

    @Test
    void passesOverWhatWasSeenBefore() {
        write(0, "abc");
        write(1, "bcdef");

        assertThat(capture.captured(Stream.OUT)).isEqualTo(new Captured(6, "abcd", "ef", false));
    }

    @Test
    void refusesGapsInItsHead() {
        write(0, "abc");

        assertThatThrownBy(() -> write(4, "e")).hasMessageContaining("expected at most 3, found 4");
    }

    @Test
    void countsWhatIsPassedOverBehindItsHead() {
        write(0, "abcdef");
        write(1_000_000_000_000L, "xyz");

        assertThat(capture.captured(Stream.OUT))
                .isEqualTo(new Captured(1_000_000_000_003L, "abcd", "xyz", true));
    }

    @Test
    void takesNothingFromBeforeAGapForTheEnd() {
        write(0, "abcdefg");
        write(100, "x");

        assertThat(capture.captured(Stream.OUT)).isEqualTo(new Captured(101, "abcd", "x", true));
        assertThat(capture.offset(Stream.OUT)).isEqualTo(101);
    }

    @Test
    void keepsStreamsApart() {
        write(0, "out");
        byte[] bytes = "err".getBytes(StandardCharsets.UTF_8);
        capture.accept(Stream.ERR, 0, bytes, 3);

        assertThat(capture.captured(Stream.OUT).head()).isEqualTo("out");
        assertThat(capture.captured(Stream.ERR).head()).isEqualTo("err");
    }

    @Test
    void keepsTheSameHoweverTheStreamIsCutIntoPieces() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            String text =
                    random.ints(random.nextInt(40), 'a', 'z' + 1)
                            .collect(
                                    StringBuilder::new,
                                    StringBuilder::appendCodePoint,
                                    StringBuilder::append)
                            .toString();
            Capture pieces = new Capture(random.nextInt(8), random.nextInt(8));
            int at = 0;
            while (at < text.length()) {
                int length = 1 + random.nextInt(text.length() - at);
                byte[] bytes = text.substring(at, at + length).getBytes(StandardCharsets.UTF_8);
                pieces.accept(Stream.OUT, at, bytes, length);
                at += length;
            }

            Captured captured = pieces.captured(Stream.OUT);

            assertThat(captured.bytes()).isEqualTo(text.length());
            assertThat(text).startsWith(captured.head()).endsWith(captured.tail());
            if (!captured.isTruncated()) {
                assertThat(captured.head() + captured.tail()).isEqualTo(text);
            }
        }
    }

    private void write(long offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        capture.accept(Stream.OUT, offset, bytes, bytes.length);
    }
}
