package dev.spate.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.Member;
import dev.spate.job.RoleName;
import dev.spate.job.StreamName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LogMergeTest {

    private static final Member MAIN = new Member(RoleName.MAIN, 0);

    private final LogMerge merge = new LogMerge();
    private final List<String> shown = new ArrayList<>();

    @Test
    void showsAStreamInOrder() {
        take(1, 0, "abc");
        take(1, 3, "de");

        assertThat(shown).containsExactly("1@0 abc", "1@3 de");
    }

    @Test
    void showsNoByteTwice() {
        take(1, 0, "abc");
        take(1, 0, "abc");
        take(1, 1, "bcde");
        take(1, 0, "ab");

        assertThat(shown).containsExactly("1@0 abc", "1@3 de");
    }

    @Test
    void tellsOfAGapAndGoesOnBehindIt() {
        take(1, 0, "abc");
        take(1, 7, "hi");
        take(1, 3, "defg");

        assertThat(shown).containsExactly("1@0 abc", "1@3 gap to 7", "1@7 hi");
    }

    @Test
    void tellsOfAGapAtTheEnd() {
        take(1, 0, "abc");
        take(1, 5, "");

        assertThat(shown).containsExactly("1@0 abc", "1@3 gap to 5");
    }

    @Test
    void showsNothingForAnEndThatIsWhereItShouldBe() {
        take(1, 0, "abc");
        take(1, 3, "");

        assertThat(shown).containsExactly("1@0 abc");
    }

    @Test
    void tellsOnceWhereMoreIsNotPublished() {
        take(1, 0, "abc");
        take(entry(1, 3, "", true));
        take(entry(1, 3, "", true));

        assertThat(shown).containsExactly("1@0 abc", "1@3 capped");
    }

    @Test
    void beginsAnewWithALaterAttemptAndForgetsTheOneBefore() {
        take(1, 0, "abc");
        take(2, 0, "x");
        take(1, 3, "def");
        take(2, 1, "y");

        assertThat(shown).containsExactly("1@0 abc", "2@0 x", "2@1 y");
    }

    @Test
    void keepsStreamsAndMembersApart() {
        Member other = new Member(RoleName.MAIN, 1);
        merge.take(new LogEntry(MAIN, 1, StreamName.STDOUT, 0, bytes("a"), false));

        assertThat(merge.take(new LogEntry(other, 1, StreamName.STDOUT, 0, bytes("b"), false)))
                .hasSize(1);
        assertThat(merge.take(new LogEntry(MAIN, 1, StreamName.STDERR, 0, bytes("c"), false)))
                .hasSize(1);
    }

    /** However two workers publish the same stream, each in order, in turns. */
    @Test
    void showsEverythingOnceWhoeverPublishesItHowOften() {
        String text = "the quick brown fox jumps over the lazy dog";
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            LogMerge fresh = new LogMerge();
            StringBuilder seen = new StringBuilder();
            int[] at = new int[2];
            while (at[0] < text.length() || at[1] < text.length()) {
                int who = random.nextInt(2);
                int to = Math.min(text.length(), at[who] + random.nextInt(9));
                String piece = text.substring(at[who], to);
                fresh.take(entry(1, at[who], piece, false))
                        .forEach(
                                each ->
                                        seen.append(
                                                new String(
                                                        ((LogPiece.Chunk) each).bytes(), UTF_8)));
                at[who] = to;
            }
            assertThat(seen).asString().isEqualTo(text);
        }
    }

    private void take(int attempt, long offset, String text) {
        take(entry(attempt, offset, text, false));
    }

    private void take(LogEntry entry) {
        merge.take(entry).forEach(piece -> shown.add(words(piece)));
    }

    private static LogEntry entry(int attempt, long offset, String text, boolean isCapped) {
        return new LogEntry(MAIN, attempt, StreamName.STDOUT, offset, bytes(text), isCapped);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String words(LogPiece piece) {
        return switch (piece) {
            case LogPiece.Chunk chunk ->
                    chunk.attempt() + "@" + chunk.offset() + " " + new String(chunk.bytes(), UTF_8);
            case LogPiece.Gap gap -> gap.attempt() + "@" + gap.from() + " gap to " + gap.to();
            case LogPiece.Capped capped -> capped.attempt() + "@" + capped.offset() + " capped";
        };
    }
}
