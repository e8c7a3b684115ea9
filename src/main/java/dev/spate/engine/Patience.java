package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState.Waiting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long an attempt of one job waits for machines. The first attempt's patience counts from
 * publication, a later one's from when it began to wait. For one thread.
 */
final class Patience {

    private final Scheduler scheduler;
    private final Duration atLeast;

    private @Nullable Deadline end;
    private int attempt;

    /**
     * @param atLeast machines are asked for that long, however long nobody was there to ask
     */
    Patience(Scheduler scheduler, Duration atLeast) {
        this.scheduler = scheduler;
        this.atLeast = atLeast;
    }

    /** When it ends; the same each time for the same attempt. */
    Deadline end(JobRecord now, Waiting waiting) {
        if (end == null || attempt != waiting.attempt()) {
            end = Deadline.after(scheduler, left(now, waiting));
            attempt = waiting.attempt();
        }
        return end;
    }

    private Duration left(JobRecord now, Waiting waiting) {
        Duration waited =
                waiting.attempt() == 1
                        ? Duration.between(now.publishedAt(), scheduler.now())
                        : Duration.ZERO;
        Duration left = now.job().patience().minus(waited.isNegative() ? Duration.ZERO : waited);
        return left.compareTo(atLeast) < 0 ? atLeast : left;
    }
}
