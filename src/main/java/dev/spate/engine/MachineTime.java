package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Durations;
import dev.spate.job.Failure;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a job may go on having machines, all of them and all its attempts together. For one job
 * and one thread.
 *
 * <p>What earlier attempts took is in the record; the present one is measured by the monotonic
 * clock from when it was first looked at.
 */
final class MachineTime {

    private final Duration max;
    private final Scheduler scheduler;
    private @Nullable Deadline end;
    private int endAttempt;

    /**
     * @param max of all machines together
     */
    MachineTime(Duration max, Scheduler scheduler) {
        this.max = max;
        this.scheduler = scheduler;
    }

    /** When the job has used up what it may; has passed if it has. */
    Deadline end(JobRecord now) {
        return switch (now.state()) {
            case JobState.Preparing preparing -> end(now, preparing);
            case JobState.Running running -> end(now, running);
            case JobState.Waiting _ ->
                    now.spent().machineTime().compareTo(max) < 0
                            ? Deadline.NEVER
                            : Deadline.after(scheduler, Duration.ZERO);
            // What is being launched is known afterwards; what is being ended is ended anyway.
            case JobState.Launching _,
                    JobState.Retreating _,
                    JobState.Settled _,
                    JobState.Released _ ->
                    Deadline.NEVER;
        };
    }

    Failure usedUp() {
        return new Failure(
                Failure.Kind.QUOTA,
                "the job's machines have been running for %s together, and no more is allowed (machineTimeMax)"
                        .formatted(Durations.format(max)));
    }

    private Deadline end(JobRecord now, JobState state) {
        if (end == null || endAttempt != state.attempt()) {
            Duration used =
                    Report.spent(now.spent(), state.machines(), scheduler.now()).machineTime();
            end = Deadline.after(scheduler, max.minus(used).dividedBy(state.machines().size()));
            endAttempt = state.attempt();
        }
        return end;
    }
}
