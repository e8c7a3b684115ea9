package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.Failure;
import dev.spate.job.JobId;
import dev.spate.job.JobResult;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import dev.spate.job.Trace;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class ResultTextTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void tellsWhatAnAttemptTookAndCost() {
        JobResult result =
                result(
                        2,
                        Outcome.SUCCEEDED,
                        Optional.empty(),
                        Map.of(Phase.RUN, Duration.ofMillis(1_500)),
                        Duration.ofSeconds(90));

        assertThat(page(result))
                .containsExactly(
                        "a                           succeeded    exit 0   5.0s",
                        "  published  2026-01-01T00:00:00Z, settled 2026-01-01T00:00:05Z",
                        "  attempt    2",
                        "  phases     run 1.5s",
                        "  machines   1m30s in all, $0.25");
    }

    @Test
    void saysNothingOfWhatNeverWas() {
        Failure why = new Failure(Failure.Kind.INVALID, "run: expected a script");
        JobResult result = result(0, Outcome.REJECTED, Optional.of(why), Map.of(), Duration.ZERO);

        assertThat(page(result))
                .containsExactly(
                        "a                           rejected              5.0s      run: expected a"
                                + " script",
                        "  published  2026-01-01T00:00:00Z, settled 2026-01-01T00:00:05Z",
                        "  attempt    none");
    }

    private static List<String> page(JobResult result) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Terminal terminal =
                new Terminal(
                        InputStream.nullInputStream(),
                        nowhere,
                        nowhere,
                        Map.of("NO_COLOR", "1"),
                        true);
        return new ResultText(terminal).page(result);
    }

    private static JobResult result(
            int attempt,
            Outcome outcome,
            Optional<Failure> error,
            Map<Phase, Duration> phases,
            Duration machineTime) {
        boolean isTried = attempt > 0;
        return new JobResult(
                new JobId("a"),
                attempt,
                outcome,
                isTried ? OptionalInt.of(0) : OptionalInt.empty(),
                error,
                List.of(),
                phases,
                machineTime,
                isTried ? Optional.of(new BigDecimal("0.25")) : Optional.empty(),
                START,
                Optional.empty(),
                START.plusSeconds(5),
                Trace.NONE);
    }
}
