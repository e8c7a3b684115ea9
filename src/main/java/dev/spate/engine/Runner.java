package dev.spate.engine;

import dev.spate.async.Scheduler;
import dev.spate.job.Failure;
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

    private final Steps steps;
    private final Journal journal;
    private final Scheduler scheduler;
    private final EngineEvents events;
    private final Owner owner;

    // Guarded by this, so that records reach the journal in the order of their sequence.
    private JobRecord record;
    private CompletableFuture<Void> committed = CompletableFuture.completedFuture(null);
    private boolean isDropped;
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
        switch (record.state()) {
            case JobState.Waiting _,
                    JobState.Preparing _,
                    JobState.Running _,
                    JobState.Retreating _ ->
                    interrupt();
            // What comes out of a launch has to be known, so that it can be given back.
            case JobState.Launching _, JobState.Settled _, JobState.Released _ -> {}
        }
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

    private void live() throws InterruptedException {
        try (steps) {
            while (true) {
                try {
                    Together.await(scheduler, lastCommit());
                    JobRecord now = record();
                    if (now.state() instanceof JobState.Released) {
                        steps.giveBack(now);
                        owner.released(now);
                        return;
                    }
                    // A cancellation may have been recorded meanwhile.
                    if (lastCommit().isDone()) {
                        apply(step(now));
                    }
                } catch (InterruptedException interrupted) {
                    rethrowIfDropped(interrupted);
                }
            }
        } catch (Journal.JournalLost lost) {
            owner.lost(lost);
        }
    }

    private Move step(JobRecord now) throws InterruptedException {
        try {
            return steps.step(now);
        } catch (RuntimeException bug) {
            if (bug instanceof Journal.JournalLost
                    || !(now.state() instanceof JobState.Open open)) {
                throw bug;
            }
            log.error("Job {} is given up in state {}", now.id(), now.state().word(), bug);
            return steps.givenUp(now, open, bug);
        }
    }

    private synchronized CompletableFuture<Void> lastCommit() {
        return committed;
    }

    /**
     * An interruption that is not for dropping the job is for cancelling it: the next step looks at
     * the record.
     */
    private synchronized void rethrowIfDropped(InterruptedException interrupted)
            throws InterruptedException {
        if (isDropped) {
            throw interrupted;
        }
    }

    private synchronized void apply(Move move) {
        JobRecord next = record.with(move.spent());
        for (Map.Entry<Phase, Duration> phase : move.phases().entrySet()) {
            next = next.with(phase.getKey(), phase.getValue());
        }
        List<JobResult> results = List.of();
        if (move.ending().isPresent()) {
            Move.Ending ending = move.ending().get();
            JobResult result =
                    Report.of(
                            next,
                            ending.outcome(),
                            ending.why(),
                            ending.members(),
                            scheduler.now());
            results = List.of(result);
            tell(result);
        }
        record = next.to(move.next());
        committed =
                journal.append(
                        new Commit(
                                List.of(record),
                                List.of(),
                                results,
                                List.of(),
                                OptionalLong.empty()));
    }

    private void tell(JobResult result) {
        result.phases().forEach(events::phase);
        events.settled(result);
        Optional<Failure> why = result.error();
        if (why.isPresent() && why.get().kind().owner() == Failure.Owner.SPATE) {
            log.error(
                    "Job {} ended with an error of Spate's: {}", result.id(), why.get().message());
        }
    }
}
