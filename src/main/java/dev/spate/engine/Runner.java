package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.LogContext;
import dev.spate.async.Scheduler;
import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import dev.spate.job.JobState;
import dev.spate.job.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one job from the state it is in to its end, on a virtual thread of its own: a loop over
 * journalled states.
 *
 * <p>Taking a job over after a crash is starting the loop with the state in the journal; there is
 * no other way. Safe for any thread.
 */
final class Runner {

    private static final Logger log = LoggerFactory.getLogger(Runner.class);

    private static final int STUMBLES_MAX = 3;
    private static final Duration STUMBLE_PAUSE = Duration.ofSeconds(1);

    private final Steps steps;
    private final Journal journal;
    private final Scheduler scheduler;
    private final EngineEvents events;
    private final Owner owner;

    private int stumbles;

    // Guarded by this, so that records reach the journal in the order of their sequence.
    private JobRecord record;
    private CompletableFuture<Void> committed = CompletableFuture.completedFuture(null);
    private boolean isDropped;
    private boolean isToLookAnew;
    private Scheduler.@Nullable Task<Void> task;

    /** Who is told what becomes of runners. */
    interface Owner {
        /** The job has nothing left to do. */
        void released(JobRecord record);

        /** The journal is lost, and with it the shard. */
        void lost(Journal.JournalLost why);
    }

    /**
     * @param record in the journal already
     */
    Runner(
            JobRecord record,
            Steps steps,
            Journal journal,
            Scheduler scheduler,
            EngineEvents events,
            Owner owner) {
        this.record = record;
        this.steps = steps;
        this.journal = journal;
        this.scheduler = scheduler;
        this.events = events;
        this.owner = owner;
    }

    /** Begins. To be called once. */
    synchronized void start() {
        task =
                scheduler.start(
                        "job-" + record.id(),
                        () -> {
                            live();
                            return null;
                        });
    }

    /** The job's latest record, which may be on its way to the journal yet. */
    synchronized JobRecord record() {
        return record;
    }

    /**
     * Somebody asked for the job not to be done. That is in the journal before whatever is appended
     * after this call.
     */
    synchronized void cancel() {
        if (record.isCancelled() || record.state().isSettled()) {
            return;
        }
        record = record.cancelled();
        committed = journal.append(Commit.of(record));
        lookAnew();
    }

    /**
     * Stops at once and touches nothing: the job is somebody else's. Completes when the runner is
     * at rest.
     */
    synchronized CompletableFuture<Void> drop() {
        isDropped = true;
        interrupt();
        return task == null
                ? CompletableFuture.completedFuture(null)
                : task.result().handle((_, _) -> null);
    }

    private void interrupt() {
        if (task != null) {
            task.cancel();
        }
    }

    private void live() {
        LogContext.JOB.is(record().id());
        record().trace().id().ifPresent(LogContext.TRACE::is);
        try (steps) {
            boolean isReleased = false;
            while (!isReleased) {
                isReleased = liveUninterrupted();
            }
        } catch (InterruptedException interrupted) {
            leave(
                    new Journal.JournalLost(
                            "job " + record().id() + " was interrupted", interrupted));
        } catch (Journal.JournalLost lost) {
            leave(lost);
        } catch (RuntimeException | Error bug) {
            log.error("Job {} is taken up anew from the journal", record().id(), bug);
            leave(new Journal.JournalLost("job " + record().id() + " could not go on", bug));
        }
    }

    /**
     * Replaying the journal is the way to recover that is tried every day; the shard goes it,
     * unless it is on its way.
     */
    private void leave(Journal.JournalLost why) {
        boolean isKnown;
        synchronized (this) {
            isKnown = isDropped;
        }
        if (!isKnown) {
            owner.lost(why);
        }
    }

    /**
     * Takes one step, of which being cancelled is a part. Returns whether the job has nothing left
     * to do.
     */
    private boolean liveUninterrupted() throws InterruptedException {
        try {
            return live(recordOnFile());
        } catch (InterruptedException interrupted) {
            synchronized (this) {
                if (isDropped || !isToLookAnew) {
                    throw interrupted;
                }
                isToLookAnew = false;
            }
            // The next step looks at the record.
            return false;
        }
    }

    private boolean live(JobRecord now) throws InterruptedException {
        LogContext.ATTEMPT.is(now.state().attempt());
        log.debug("Job {} is {}", now.id(), now.state().word());
        if (now.state() instanceof JobState.Released) {
            steps.giveBack(now);
            owner.released(now);
            return true;
        }
        Deadline end = steps.machineTimeEnd(now);
        // If it has passed, the step is to stop the job, and must not be disturbed.
        Scheduler.Timer timer =
                end.isNever() || end.hasPassed(scheduler)
                        ? () -> {}
                        : scheduler.schedule(end.remaining(scheduler), this::lookAnew);
        try {
            apply(steps.step(now));
        } catch (Journal.JournalLost lost) {
            throw lost;
        } catch (RuntimeException bug) {
            stumble(now, bug);
        } finally {
            timer.cancel();
        }
        return false;
    }

    /** Something about the job has changed: the step it is in begins again. */
    private synchronized void lookAnew() {
        switch (record.state()) {
            case JobState.Waiting _,
                    JobState.Preparing _,
                    JobState.Running _,
                    JobState.Retreating _ -> {
                isToLookAnew = true;
                interrupt();
            }
            // What comes out of a launch has to be known, so that it can be given back.
            case JobState.Launching _, JobState.Settled _, JobState.Released _ -> {}
        }
    }

    /** The latest record, once it is in the journal. */
    private JobRecord recordOnFile() throws InterruptedException {
        while (true) {
            CompletableFuture<Void> last;
            synchronized (this) {
                last = committed;
            }
            Blocking.on(scheduler, last);
            synchronized (this) {
                if (isDropped) {
                    throw new InterruptedException("dropped");
                }
                // A cancellation may have been appended meanwhile.
                if (committed.state() == Future.State.SUCCESS) {
                    return record;
                }
            }
        }
    }

    /**
     * A mistake of Spate's: the step is tried again, for it can be, and at last the job is given
     * up.
     */
    private void stumble(JobRecord now, RuntimeException bug) throws InterruptedException {
        stumbles++;
        log.error("Job {} stumbled in state {}", now.id(), now.state().word(), bug);
        if (stumbles <= STUMBLES_MAX) {
            scheduler.sleep(STUMBLE_PAUSE.multipliedBy(stumbles));
            return;
        }
        switch (now.state()) {
            case JobState.Waiting waiting -> apply(steps.givenUp(now, waiting, bug));
            case JobState.Preparing preparing -> apply(steps.givenUp(now, preparing, bug));
            case JobState.Running running -> apply(steps.givenUp(now, running, bug));
            case JobState.Retreating retreating -> apply(steps.givenUp(now, retreating, bug));
            // What it has launched, or owes, is not known well enough to let go of it.
            case JobState.Launching _, JobState.Settled _, JobState.Released _ -> throw bug;
        }
    }

    private synchronized void apply(Move move) {
        if (isDropped) {
            return;
        }
        JobRecord next = record.with(move.spent());
        for (Map.Entry<Phase, Duration> phase : move.phases().entrySet()) {
            next = next.with(phase.getKey(), phase.getValue());
        }
        List<JobResult> results =
                move.next() instanceof JobState.Settled settled
                        ? List.of(Report.of(next, settled, move.members()))
                        : List.of();
        JobRecord further = next.to(move.next());
        committed =
                journal.append(
                        new Commit(
                                List.of(further),
                                List.of(),
                                results,
                                List.of(),
                                OptionalLong.empty()));
        record = further;
        for (JobResult result : results) {
            var _ = committed.thenRun(() -> tell(further.job(), result));
        }
    }

    private void tell(Job job, JobResult result) {
        result.phases().forEach(events::phase);
        events.settled(job, result);
        Optional<Failure> why = result.error();
        if (why.isPresent() && why.get().kind().owner() == Failure.Owner.SPATE) {
            log.error(
                    "Job {} ended with an error of Spate's: {}", result.id(), why.get().message());
        }
    }
}
