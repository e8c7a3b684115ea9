package dev.spate.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page's modules that are nothing but functions. */
@ExtendWith(OnStage.class)
class ModulesIT {

    private static PageStage stage;

    @BeforeAll
    static void open(PageStage opened) {
        stage = opened;
        stage.open("");
    }

    private static String call(String module, String expression) {
        return stage.tab
                .evaluate(
                        "import('/page/%s.js').then((m) => String(%s))"
                                .formatted(module, expression))
                .asText();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "0.0302, 30 ms",
        "0.12, 0.1 s",
        "9.97, 10 s",
        "60, 1 m 00 s",
        "4.46, 4.5 s",
        "59.4, 59 s",
        "59.6, 59 s",
        "754, 12 m 34 s",
        "11220, 3 h 07 m",
        "183600, 2 d 03 h",
        "-5, 0 s",
        "3599.9, 59 m 59 s"
    })
    void writesDurations(double seconds, String text) {
        assertThat(call("text", "m.duration(%s)".formatted(seconds))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, $0",
        "0.00004, <$0.0001",
        "0.00421, $0.0042",
        "4.1249, $4.12",
        "412, $412.00",
        "41200, '$41,200'"
    })
    void writesMoney(double usd, String text) {
        assertThat(call("text", "m.money(%s)".formatted(usd))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "'[3, 4, 5]', 5",
        "'[3, 4, 5, 9]', 5",
        "'[61]', 120",
        "'[90000]', 172800",
        "'[]', 1",
    })
    void choosesARoundScaleThatMostBarsFitInto(String durations, int scale) {
        assertThat(call("timeline", "m.scaleFor(%s)".formatted(durations)))
                .isEqualTo(String.valueOf(scale));
    }

    private static final String CHUNK =
            "const chunk = (offset, text, stream = 'stdout', attempt = 1) => b.chunk({attempt, stream,"
                    + " offset, data: btoa(text)}); ";

    private static String lines(String script) {
        return call(
                "lines",
                "(() => { const b = m.lineBuffer(); "
                        + CHUNK
                        + script
                        + "; return JSON.stringify([...b.lines(), ...b.partial()].map((l) => l.kind + ':' + l.text)); })()");
    }

    @Test
    void passesOverOutputThatItHasAlready() {
        assertThat(
                        lines(
                                "chunk(0, 'one\\ntwo\\n'); chunk(0, 'one\\ntwo\\n'); chunk(4, 'two\\nthree\\n')"))
                .isEqualTo("[\"stdout:one\",\"stdout:two\",\"stdout:three\"]");
    }

    @Test
    void tellsWhatIsMissingAndWhereANewAttemptBegins() {
        assertThat(
                        lines(
                                "chunk(0, 'one\\n'); chunk(1004, 'x\\n'); chunk(0, 'again\\n', 'stdout', 2); b.capped({stream: 'stderr', offset: 9, attempt: 2})"))
                .isEqualTo(
                        "[\"stdout:one\",\"ours:1,000 bytes of stdout are missing here\",\"stdout:x\",\"ours:attempt"
                                + " 2\",\"stdout:again\",\"ours:the limit of live output is reached: the rest of stderr is"
                                + " in the result only\"]");
    }

    @Test
    void putsCharactersTogetherThatCameInPieces() {
        assertThat(lines("chunk(0, '\\xe2\\x82'); chunk(2, '\\xac 5\\n')"))
                .isEqualTo("[\"stdout:€ 5\"]");
    }

    @Test
    void showsTheLastWritingOfALineThatIsWrittenOverAndOver() {
        assertThat(lines("chunk(0, '10%\\r50%\\r'); chunk(8, '90%')"))
                .isEqualTo("[\"stdout:90%\"]");
    }

    @Test
    void breaksALineThatNeverEnds() {
        assertThat(lines("chunk(0, 'x'.repeat(9000))").length()).isBetween(9_000, 9_100);
        assertThat(
                        call(
                                "lines",
                                "(() => { const b = m.lineBuffer(); "
                                        + CHUNK
                                        + "for (let i = 0; i < 40; i++) chunk(i * 60000, 'y'.repeat(60000)); b.take();"
                                        + " return b.lines().reduce((sum, l) => sum + l.text.length, 0) <= 1 << 20; })()"))
                .isEqualTo("true");
    }
}
