package dev.spate.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TextTest {

    @Test
    void oneLineHasNothingThatSteersATerminalOrTurnsTheText() {
        assertThat(Text.oneLine("a\u001b[2J\n\u009b\u202e\u2066b\u2028ü\n"))
                .isEqualTo("a [2J    b ü");
    }

    @Test
    void whatIsQuotedCanBeSeen() {
        assertThat(Text.quoted("a\n\u009b\u202e\"ü")).isEqualTo("\"a\\n\\u009b\\u202e\\\"ü\"");
    }
}
