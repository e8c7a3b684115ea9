package dev.spate.tracing;

import dev.spate.job.JobResult;
import dev.spate.job.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When the phases of a job were. A result tells how long each took; they follow one another. What
 * lies between, such as earlier attempts, is in none of them. Pure.
 */
final class Spans {

    private Spans() {}

    /** A stretch of time. */
    record Span(Phase phase, Instant begin, Instant end) {}

    /** The phases, in order. */
    static List<Span> of(JobResult result) {
        List<Span> spans = new ArrayList<>();
        if (result.startedAt().isEmpty()) {
            Instant at = result.publishedAt();
            for (Phase phase : Phase.values()) {
                at = add(spans, result, phase, at);
            }
            return spans;
        }
        Instant started = result.startedAt().get();
        var _ = add(spans, result, Phase.QUEUED, result.publishedAt());
        // Counted back from the start: before the last attempt there may have been others.
        List<Phase> before = List.of(Phase.LAUNCH, Phase.BOOT, Phase.CONNECT, Phase.SETUP);
        Instant at = started;
        for (Phase phase : before) {
            at = at.minus(took(result, phase));
        }
        for (Phase phase : before) {
            at = add(spans, result, phase, at);
        }
        Instant ended = add(spans, result, Phase.RUN, started);
        var _ = add(spans, result, Phase.COLLECT, ended);
        return spans;
    }

    private static Instant add(List<Span> spans, JobResult result, Phase phase, Instant begin) {
        Instant end = begin.plus(took(result, phase));
        if (result.phases().containsKey(phase)) {
            spans.add(new Span(phase, begin, end));
        }
        return end;
    }

    private static Duration took(JobResult result, Phase phase) {
        @Nullable Duration took = result.phases().get(phase);
        return took == null ? Duration.ZERO : took;
    }
}
