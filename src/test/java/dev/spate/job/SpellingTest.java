package dev.spate.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SpellingTest {

    private static final List<String> WORDS =
            List.of("run", "id", "env", "timeout", "http", "local", "reap");

    @Test
    void findsTheClosestWord() {
        assertThat(hint("runn")).isEqualTo("; did you mean run?");
        assertThat(hint("locl")).isEqualTo("; did you mean local?");
        assertThat(hint("htpp")).isEqualTo("; did you mean http?");
        assertThat(hint("TIMEOUT")).isEqualTo("; did you mean timeout?");
        assertThat(hint("evn")).isEqualTo("; did you mean env?");
        assertThat(hint("timeuot")).isEqualTo("; did you mean timeout?");
    }

    @Test
    void guessesNothingWhenNothingIsClose() {
        assertThat(hint("x")).isEmpty();
        assertThat(hint("ab")).isEmpty();
        assertThat(hint("cmd")).isEmpty();
        assertThat(hint("help")).isEmpty();
        assertThat(hint("machine")).isEmpty();
        assertThat(hint("")).isEmpty();
        assertThat(hint("timeout".repeat(1_000))).isEmpty();
    }

    private static String hint(String written) {
        return Spelling.hint(written, WORDS);
    }
}
