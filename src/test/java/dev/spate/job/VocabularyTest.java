package dev.spate.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VocabularyTest {

    @ParameterizedTest
    @CsvSource({"90s,PT1M30S", "1h30m,PT1H30M", "250ms,PT0.25S", "2d,PT48H", "0s,PT0S"})
    void readsDurationsWithUnits(String written, Duration expected) {
        assertThat(Durations.parse(written)).isEqualTo(expected);
        assertThat(Durations.parse(Durations.format(expected))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "-1s", "1 s", "s", "1.5h", "1h30", "PT1H", "99999999999d"})
    void refusesDurationsWithoutUnits(String written) {
        assertThatThrownBy(() -> Durations.parse(written))
                .hasMessageContaining("expected a duration with a unit");
    }

    @ParameterizedTest
    @CsvSource({"20GiB,21474836480", "1KB,1000", "512 MiB,536870912", "7B,7"})
    void readsSizesWithUnits(String written, long bytes) {
        assertThat(ByteSize.parse(written).bytes()).isEqualTo(bytes);
        assertThat(ByteSize.parse(new ByteSize(bytes).toString()).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "GiB", "-1GiB", "20gib", "999999999999999TiB"})
    void refusesSizesThatAreNone(String written) {
        assertThatThrownBy(() -> ByteSize.parse(written))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "bench-42", "A.b_c-9", "7"})
    void acceptsHarmlessIds(String id) {
        assertThat(new JobId(id).value()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "-rf", "a b", "a/b", "a\nb", "$(x)", "ä", "a\u0000"})
    void refusesIdsThatAreNotHarmless(String id) {
        assertThatThrownBy(() -> new JobId(id)).hasMessageStartingWith("id: expected letters");
    }

    @Test
    void refusesIdsThatAreTooLong() {
        assertThatThrownBy(() -> new JobId("x".repeat(129)))
                .hasMessage("id: expected at most 128 characters, found 129");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".", "a\\b", "a\nb"})
    void refusesPathsThatLeaveTheWorkingDirectory(String path) {
        assertThatThrownBy(() -> new RelativePath(path)).hasMessageStartingWith("path: expected");
    }

    @Test
    void countsMembersRoleByRole() {
        Job job =
                SampleJobs.of(
                        "x",
                        List.of(
                                SampleJobs.role("server", 1, true, "s"),
                                SampleJobs.role("client", 2, false, "c")));

        assertThat(job.members())
                .extracting(Member::toString)
                .containsExactly("server-0", "client-0", "client-1");
    }

    @Test
    void wantsSomebodyInTheForeground() {
        assertThatThrownBy(
                        () -> SampleJobs.of("x", List.of(SampleJobs.role("server", 1, true, "s"))))
                .hasMessage("roles: expected at least one that is not background, found none");
    }

    @Test
    void keepsControlCharactersOutOfMessages() {
        Failure failure = new Failure(Failure.Kind.JOB, "line\n\u001b[31mred\u2028forged");

        assertThat(failure.message()).isEqualTo("line  [31mred forged");
    }

    @Test
    void neverCutsASurrogatePair() {
        Failure failure = new Failure(Failure.Kind.JOB, "x".repeat(1_999) + "\uD83D\uDE80 tail");

        assertThat(failure.message()).isEqualTo("x".repeat(1_999) + "…");
        assertThat(Text.end("\uD83D\uDE80 tail", 6)).isEqualTo(" tail");
        assertThat(Text.end("\uD83D\uDE80 tail", 7)).isEqualTo("\uD83D\uDE80 tail");
    }

    @Test
    void replacesASurrogateThatHasLostItsOtherHalf() {
        assertThat(new Failure(Failure.Kind.JOB, "a\uDE80b\uD83D\uDE80c\uD83D").message())
                .isEqualTo("a\uFFFDb\uD83D\uDE80c\uFFFD");
    }

    @Test
    void dropsATraceThatIsMalformed() {
        String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        assertThat(new Trace(Optional.of(parent), Optional.of("a=b")).parent()).hasValue(parent);
        assertThat(new Trace(Optional.of("nonsense"), Optional.of("a=b"))).isEqualTo(Trace.NONE);
    }

    @Test
    void saysWhoOwnsAFailureAndWhatBecomesOfTheJob() {
        assertThat(Outcome.of(Failure.Kind.QUOTA)).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(Outcome.of(Failure.Kind.TIMEOUT).word()).isEqualTo("timed-out");
        assertThat(Failure.Kind.JOB.owner()).isEqualTo(Failure.Owner.USER);
        assertThat(Failure.Kind.INVALID).matches(kind -> !new Failure(kind, "x").isRetriable());
    }
}
