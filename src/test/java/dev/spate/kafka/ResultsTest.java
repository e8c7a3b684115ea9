package dev.spate.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.Captured;
import dev.spate.job.JobId;
import dev.spate.job.JobResult;
import dev.spate.job.MachineId;
import dev.spate.job.Market;
import dev.spate.job.Member;
import dev.spate.job.MemberResult;
import dev.spate.job.Outcome;
import dev.spate.job.OutputFile;
import dev.spate.job.Pool;
import dev.spate.job.RelativePath;
import dev.spate.job.RoleName;
import dev.spate.job.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ResultsTest {

    private final Schemas schema = Schemas.result();

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void losesNothingOnTheWayThereAndBack(long seed) {
        JobResult result = new Sample(seed).result();

        byte[] json = Results.encode(result);

        assertThat(ResultReader.decode(json, result.trace())).isEqualTo(result);
        assertThat(schema.complaints(new String(json, UTF_8))).isEmpty();
    }

    @Test
    void leavesAResultThatFitsAsItIs() {
        JobResult result = new Sample(1).result();

        assertThat(Results.encode(result, 128 * 1024)).isEqualTo(Results.encode(result));
    }

    @Test
    void cutsWhatDoesNotFitAndTellsHowMuchThereWas() {
        int bytesMax = 128 * 1024;
        JobResult large = result(200, "\u0001".repeat(30_000));

        byte[] json = Results.encode(large, bytesMax);

        assertThat(json).hasSizeLessThanOrEqualTo(bytesMax);
        assertThat(schema.complaints(new String(json, UTF_8))).isEmpty();
        JobResult read = ResultReader.decode(json, Trace.NONE);
        assertThat(read.members())
                .hasSize(200)
                .allSatisfy(
                        member -> {
                            assertThat(member.out().bytes()).isEqualTo(60_000);
                            assertThat(member.out().isTruncated()).isTrue();
                        });
        assertThat(new String(json, UTF_8)).contains("\"outputsOmitted\":");
    }

    @Test
    void keepsTheEndOfAStreamRatherThanTheBeginning() {
        JobResult large = result(1, "x".repeat(100_000));

        JobResult read = ResultReader.decode(Results.encode(large, 150_000), Trace.NONE);

        Captured out = read.members().getFirst().out();
        assertThat(out.tail().length()).isGreaterThanOrEqualTo(out.head().length());
        assertThat(out.tail()).isNotEmpty();
        assertThat(read.members().getFirst().outputs()).hasSize(200);
    }

    static JobResult result(int members, String text) {
        Captured captured = new Captured(60_000, text, text, false);
        List<OutputFile> outputs =
                IntStream.range(0, 200)
                        .mapToObj(
                                i ->
                                        new OutputFile(
                                                new RelativePath("out-" + i),
                                                1,
                                                "0".repeat(64),
                                                Optional.empty()))
                        .toList();
        return new JobResult(
                new JobId("a"),
                1,
                Outcome.SUCCEEDED,
                OptionalInt.of(0),
                Optional.empty(),
                IntStream.range(0, members)
                        .mapToObj(
                                i ->
                                        new MemberResult(
                                                new Member(RoleName.MAIN, i),
                                                new MachineId("i-1"),
                                                new Pool(Market.SPOT, "t3.small", Optional.empty()),
                                                OptionalInt.of(0),
                                                captured,
                                                captured,
                                                outputs))
                        .toList(),
                Map.of(),
                Duration.ZERO,
                Optional.empty(),
                Instant.EPOCH,
                Optional.empty(),
                Instant.EPOCH,
                Trace.NONE);
    }
}
