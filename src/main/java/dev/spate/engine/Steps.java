package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Demand;
import dev.spate.fleet.Fingerprint;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.Machine;
import dev.spate.fleet.Plan;
import dev.spate.fleet.RunStatus;
import dev.spate.fleet.Shell.Done;
import dev.spate.fleet.StaleOwner;
import dev.spate.job.Answer;
import dev.spate.job.Durations;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import dev.spate.job.JobState.Launching;
import dev.spate.job.JobState.Open;
import dev.spate.job.JobState.Preparing;
import dev.spate.job.JobState.Released;
import dev.spate.job.JobState.Retreating;
import dev.spate.job.JobState.Running;
import dev.spate.job.JobState.Settled;
import dev.spate.job.JobState.Waiting;
import dev.spate.job.MemberResult;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import dev.spate.job.Role;
import dev.spate.job.Seat;
import dev.spate.job.Spent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done in each state of a job, and where that leads.
 *
 * <p>A step is begun only when its state is in the journal, and can be begun again: a crash may
 * come between its effect and the record of it. Used by the runner's thread alone.
 */
final class Steps implements AutoCloseable {

    private static final Failure CANCELLED =
            new Failure(Failure.Kind.CANCELLED, "cancelled on request");

    private final Fleet fleet;
    private final Placement placement;
    private final Journal journal;
    private final ShardOutput output;
    private final EngineSettings settings;
    private final Scheduler scheduler;
    private final EngineEvents events;
    private final MachineTime machineTime;
    private final Patience patience;

    private @Nullable Attempt attempt;
    private int attemptNumber;

    /** The attempt whose launch was seen here: nobody else can have started it. */
    private int launchedAttempt;

    private boolean mayServeAgain;
    private List<Hold> spare = List.of();

    Steps(
            Fleet fleet,
            Placement placement,
            Journal journal,
            ShardOutput output,
            EngineSettings settings,
            Scheduler scheduler,
            EngineEvents events) {
        this.fleet = fleet;
        this.placement = placement;
        this.journal = journal;
        this.output = output;
        this.settings = settings;
        this.scheduler = scheduler;
        this.events = events;
        this.patience = new Patience(scheduler, settings.retryPause().multipliedBy(2));
        this.machineTime = new MachineTime(settings.machineTimeMax(), scheduler);
    }

    /**
     * Takes the job one state further. Blocks for as long as that takes.
     *
     * @throws InterruptedException if interrupted; the same step may be begun again
     */
    Move step(JobRecord now) throws InterruptedException {
        try {
            Move move = stepFrom(now);
            if (move.next() instanceof Settled && attempt != null) {
                attempt.flush();
            }
            return move;
        } catch (StaleOwner stale) {
            return refused(now, stale);
        }
    }

    private Move stepFrom(JobRecord now) throws InterruptedException {
        if (now.state() instanceof Open open && machineTimeEnd(now).hasPassed(scheduler)) {
            return stopped(now, open, Outcome.UNAVAILABLE, machineTime.usedUp());
        }
        return switch (now.state()) {
            case Waiting waiting ->
                    now.isCancelled() ? cancelled(now, waiting) : await(now, waiting);
            case Launching launching -> launch(now, launching);
            case Preparing preparing ->
                    now.isCancelled() ? cancelled(now, preparing) : prepare(now, preparing);
            case Running running -> now.isCancelled() ? cancelled(now, running) : run(now, running);
            case Retreating retreating ->
                    now.isCancelled() ? cancelled(now, retreating) : retreat(now, retreating);
            case Settled settled -> release(now, settled);
            case Released _ ->
                    throw new IllegalStateException("step: job " + now.id() + " is released");
        };
    }

    /**
     * A machine has seen a later owner of the shard. If there is one, the journal says so, and the
     * shard is dropped. If not, the machine is not to be trusted: its job must not take the whole
     * shard with it.
     */
    private Move refused(JobRecord now, StaleOwner stale) throws InterruptedException {
        Blocking.on(scheduler, journal.confirm());
        boolean mayHaveRun = attempt != null && attempt.mayHaveStarted();
        Failure why =
                new Failure(
                        mayHaveRun ? Failure.Kind.LOST : Failure.Kind.SECURITY,
                        stale.getMessage() + ", which there has not been");
        return switch (now.state()) {
            case Preparing preparing -> failed(now, preparing, why);
            case Running running -> failed(now, running, why);
            case Waiting _, Launching _, Retreating _, Settled _, Released _ -> throw stale;
        };
    }

    /** When the job has had machines for as long as it may. */
    Deadline machineTimeEnd(JobRecord now) {
        return machineTime.end(now);
    }

    /** Drops the connections; what runs goes on. */
    @Override
    public void close() {
        if (attempt != null) {
            attempt.close();
            attempt = null;
        }
    }

    // Waiting: for machines.

    private Move await(JobRecord now, Waiting waiting) throws InterruptedException {
        Deadline deadline = patience.end(now, waiting);
        // By another worker's clock perhaps: believed only as far as it would have been set here.
        Duration pause = Duration.between(scheduler.now(), waiting.notBefore());
        scheduler.sleep(
                shorter(shorter(pause, settings.retryPause()), deadline.remaining(scheduler)));
        Demand demand =
                new Demand(now.job(), now.publishedAt(), waiting.attempt(), now.spent().launches());
        Wish wish = new Wish(demand, waiting.why());
        placement.ask(wish);
        try {
            return placed(now, waiting, wish.await(scheduler, deadline));
        } finally {
            placement.forget(now.id());
        }
    }

    /** What a plan means for a job that waits. */
    private Move placed(JobRecord now, Waiting waiting, Plan plan) {
        return switch (plan) {
            case Plan.Placed(List<Seat> seats, List<Hold> reused) -> {
                events.attempt(waiting.attempt() == 1 ? "first" : word(waiting.why()));
                yield Move.to(
                        waiting.launch(seats, reused),
                        now.spent().plusLaunch(),
                        Map.of(Phase.QUEUED, Duration.between(now.publishedAt(), scheduler.now())));
            }
            case Plan.Never(Failure why) -> settle(now, waiting, Outcome.of(why.kind()), why);
            case Plan.NotNow(Failure why, _) ->
                    settle(
                            now,
                            waiting,
                            Outcome.UNAVAILABLE,
                            new Failure(
                                    why.kind(),
                                    "no machines within the job's patience of "
                                            + Durations.format(now.job().patience())
                                            + ": "
                                            + why.message()));
        };
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    // Launching: the cloud is asked until it is known which machines came.

    private Move launch(JobRecord now, Launching launching) throws InterruptedException {
        Launched launched = Launched.await(fleet, launching, scheduler);
        List<Hold> came = launched.machines();
        Map<Phase, Duration> phases = Map.of(Phase.LAUNCH, launched.took());
        if (now.isCancelled()) {
            return settle(now, launching, Outcome.CANCELLED, Optional.of(CANCELLED), came);
        }
        if (launched.trouble().isEmpty()) {
            launchedAttempt = launching.attempt();
            return Move.to(launching.prepare(came), now.spent(), phases);
        }
        Failure why = launched.trouble().get();
        return switch (Verdict.of(now, why, settings)) {
            case Verdict.Over(Outcome outcome, Failure last) ->
                    settle(now, launching, outcome, Optional.of(last), came);
            case Verdict.Again _ -> {
                Spent spent = now.spent().plusFailed(why.kind());
                JobState next =
                        came.isEmpty()
                                ? launching.await(scheduler.now().plus(settings.retryPause()), why)
                                : launching.retreat(came, why);
                yield Move.to(next, spent, phases);
            }
        };
    }

    // Preparing and Running: the attempt on its machines.

    private Move prepare(JobRecord now, Preparing preparing) throws InterruptedException {
        Attempt current = attempt(now, preparing);
        Answer<List<Done>> prepared = current.prepare();
        if (prepared instanceof Answer.Failed<List<Done>>(Failure why)) {
            return failed(now, preparing, why);
        }
        // Preparing takes its time, in which the shard may have become another worker's.
        Blocking.on(scheduler, journal.confirm());
        Answer<List<RunStatus>> started = current.start();
        if (started instanceof Answer.Failed<List<RunStatus>>(Failure why)) {
            return failed(now, preparing, why);
        }
        return Move.to(preparing.run(scheduler.now()), now.spent(), current.phases());
    }

    private Move run(JobRecord now, Running running) throws InterruptedException {
        boolean isAdopted = attempt == null;
        Attempt current = attempt(now, running);
        if (isAdopted) {
            events.adopted();
            current.adopt();
        }
        // Who has no attempt left may still end before the machine does.
        boolean hasAnotherTry = now.spent().lost() < now.job().retries().lost();
        Answer<List<Done>> followed = current.follow(hasAnotherTry);
        if (isAdopted) {
            // Only the wall clock spans two workers.
            current.ran(Duration.between(running.startedAt(), scheduler.now()));
        }
        switch (followed) {
            case Answer.Failed<List<Done>>(Failure why) -> {
                return failed(now, running, why);
            }
            case Answer.Ok<List<Done>> _ -> {
                Answer<?> collected = current.collect();
                Optional<Failure> why =
                        Report.failure(now.job(), current.members(), current.hasTimedOut())
                                .or(
                                        () ->
                                                collected
                                                                instanceof
                                                                Answer.Failed<?>(Failure missing)
                                                        ? Optional.of(missing)
                                                        : Optional.empty());
                mayServeAgain =
                        now.job().mayReuse()
                                && current.hasEndedCleanly()
                                && !hasBrokenMachine(collected);
                return why.isPresent()
                        ? failed(now, running, why.get())
                        : settle(
                                now,
                                running,
                                Outcome.SUCCEEDED,
                                Optional.empty(),
                                running.machines());
            }
        }
    }

    /** Whether outputs could not be had for the machine's sake, and not the job's. */
    private static boolean hasBrokenMachine(Answer<?> collected) {
        return collected instanceof Answer.Failed<?>(Failure why) && why.kind() != Failure.Kind.JOB;
    }

    private Attempt attempt(JobRecord now, Open state) {
        if (attempt == null || attemptNumber != state.attempt()) {
            close();
            attempt =
                    new Attempt(
                            now,
                            state.attempt(),
                            state.machines(),
                            state.attempt() != launchedAttempt,
                            output,
                            fleet,
                            settings,
                            scheduler);
            attemptNumber = state.attempt();
        }
        return attempt;
    }

    private Move failed(JobRecord now, Open state, Failure why) {
        return switch (Verdict.of(now, why, settings)) {
            case Verdict.Over(Outcome outcome, Failure last) -> settle(now, state, outcome, last);
            case Verdict.Again _ -> {
                mayServeAgain = false;
                Map<Phase, Duration> phases = phases();
                close();
                JobState next =
                        switch (state) {
                            case Preparing preparing -> preparing.retreat(why);
                            case Running running -> running.retreat(why);
                            case Waiting _, Launching _, Retreating _ ->
                                    throw new IllegalStateException(
                                            "failed: nothing has been tried in " + state.word());
                        };
                yield Move.to(next, now.spent().plusFailed(why.kind()), phases);
            }
        };
    }

    // Retreating: the machines of a failed attempt have to be gone before there is another.

    private Move retreat(JobRecord now, Retreating retreating) throws InterruptedException {
        terminate(retreating.machines(), "failed");
        Instant time = scheduler.now();
        return Move.to(
                retreating.await(time.plus(settings.retryPause())),
                Report.spent(now.spent(), retreating.machines(), time),
                Map.of());
    }

    private void terminate(List<Hold> machines, String cause) throws InterruptedException {
        List<CompletableFuture<Machine>> gone =
                machines.stream().map(hold -> fleet.terminate(hold, cause)).toList();
        for (CompletableFuture<Machine> each : gone) {
            Blocking.on(scheduler, each);
        }
    }

    // The end.

    private Move cancelled(JobRecord now, Open open) throws InterruptedException {
        return stopped(now, open, Outcome.CANCELLED, CANCELLED);
    }

    private Move stopped(JobRecord now, Open open, Outcome outcome, Failure why)
            throws InterruptedException {
        mayServeAgain = false;
        switch (open) {
            case Running _ -> attempt(now, open).stop();
            case Preparing _ -> {
                if (attempt != null && attempt.mayHaveStarted()) {
                    attempt.stop();
                }
            }
            case Waiting _, Launching _, Retreating _ -> {}
        }
        return settle(now, open, outcome, why);
    }

    /** A mistake of Spate's own ends the job, so that it ends at all. */
    Move givenUp(JobRecord now, Open open, RuntimeException bug) {
        mayServeAgain = false;
        return settle(
                now,
                open,
                Outcome.ERROR,
                new Failure(Failure.Kind.INTERNAL, "a mistake in Spate: " + bug.getMessage()));
    }

    private Move settle(JobRecord now, Open state, Outcome outcome, Failure why) {
        return settle(now, state, outcome, Optional.of(why), state.machines());
    }

    private Move settle(
            JobRecord now, Open state, Outcome outcome, Optional<Failure> why, List<Hold> owed) {
        Instant time = scheduler.now();
        List<MemberResult> members = attempt == null ? List.of() : attempt.members();
        return new Move(
                state.settle(Report.ending(now, outcome, why, members), time, owed),
                Report.spent(now.spent(), owed, time),
                phases(),
                members);
    }

    private Map<Phase, Duration> phases() {
        return attempt == null ? Map.of() : attempt.phases();
    }

    /** The machines go back: for good, or, once that is recorded, to wait for another job. */
    private Move release(JobRecord now, Settled settled) throws InterruptedException {
        close();
        if (mayServeAgain) {
            spare = settled.owed();
        } else {
            terminate(settled.owed(), "released");
        }
        return Move.to(settled.release(), now.spent(), Map.of());
    }

    /**
     * The job is on record as released: what it leaves behind may serve another. Not before, or a
     * worker that takes over might end a machine under that other job.
     */
    void giveBack(JobRecord released) {
        for (Hold hold : spare) {
            Role role = released.job().role(hold.member().role());
            fleet.giveBack(hold, Fingerprint.preparation(role));
        }
        spare = List.of();
    }

    private static String word(Failure why) {
        return why.kind().name().toLowerCase(Locale.ROOT);
    }
}
