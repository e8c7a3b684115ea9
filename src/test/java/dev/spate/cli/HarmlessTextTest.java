package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HarmlessTextTest {

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    plain ünïcödé 𝄞,            plain ünïcödé 𝄞
                    a\\tb\\n,                   a\\tb\\n
                    a\\r\\nb\\rc,               a\\nb\\nc
                    \\e[1;31mred\\e[0m,         red
                    \\e]0;title\\a,             �]0;title�
                    \\e[2J\\e[Hgone,            gone
                    \\e,                        ''
                    \\e\\e[mx,                  �x
                    x\\by,                      x�y
                    \\e[\\n,                    \\n
                    \\e[12345,                  ''
                    """)
    void leavesWhatAPersonReadsAndNothingElse(String written, String shown) {
        byte[] bytes = unescaped(written).getBytes(UTF_8);

        assertThat(new HarmlessText().next(bytes)).isEqualTo(unescaped(shown));
    }

    @Test
    void doesNotMindWherePiecesEnd() {
        byte[] bytes = "ü𝄞\u001b[1;31mred\r\n\u001b[0mé".getBytes(UTF_8);
        HarmlessText text = new HarmlessText();
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            shown.append(text.next(Arrays.copyOfRange(bytes, i, i + 1)));
        }

        assertThat(shown).asString().isEqualTo("ü𝄞red\né");
    }

    @Test
    void showsThatThereWereBytesThatAreNoText() {
        assertThat(new HarmlessText().next(new byte[] {'a', (byte) 0xff, 'b'})).isEqualTo("a�b");
    }

    @Test
    void doesNotLetTextTurnItsDirection() {
        assertThat(new HarmlessText().next("a\u202eb\u2066c".getBytes(UTF_8))).isEqualTo("a�b�c");
    }

    private static String unescaped(String text) {
        return text.replace("\\e", "\u001b")
                .replace("\\a", "\u0007")
                .replace("\\b", "\b")
                .replace("\\t", "\t")
                .replace("\\r", "\r")
                .replace("\\n", "\n");
    }
}
