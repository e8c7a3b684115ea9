package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Fingerprint;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.Run;
import dev.spate.fleet.RunKey;
import dev.spate.fleet.RunStatus;
import dev.spate.fleet.Setup;
import dev.spate.fleet.Shell;
import dev.spate.fleet.Shell.Done;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.Member;
import dev.spate.job.MemberResult;
import dev.spate.job.OutputFile;
import dev.spate.job.Phase;
import dev.spate.job.RelativePath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on its machines: reached, set up, started together, followed to the end, collected.
 *
 * <p>Holds nothing that could not be found out again: after a crash a new object does the same
 * calls, each of which may be repeated. Called by one thread at a time.
 */
final class Attempt implements AutoCloseable {

    private static final Duration STOP_MAX = Duration.ofSeconds(15);

    private final JobRecord record;
    private final Job job;
    private final int number;
    private final ShardOutput output;
    private final Fleet fleet;
    private final EngineSettings settings;
    private final Scheduler scheduler;
    private final List<MemberRun> runs;
    private final Map<Phase, Duration> phases = new EnumMap<>(Phase.class);
    private boolean mayHaveStarted;
    private OptionalLong startedNanos = OptionalLong.empty();

    Attempt(
            JobRecord record,
            int number,
            List<Hold> machines,
            boolean mayHaveStarted,
            ShardOutput output,
            Fleet fleet,
            EngineSettings settings,
            Scheduler scheduler) {
        this.record = record;
        this.job = record.job();
        this.output = output;
        this.mayHaveStarted = mayHaveStarted;
        this.number = number;
        this.fleet = fleet;
        this.settings = settings;
        this.scheduler = scheduler;
        this.runs = machines.stream().map(this::memberRun).toList();
    }

    private MemberRun memberRun(Hold hold) {
        return new MemberRun(
                hold,
                job.role(hold.member().role()),
                new RunKey(job.id(), hold.member(), number),
                output.of(record, number, hold.member()),
                fleet,
                scheduler);
    }

    /** How long the phases took that this object went through. */
    Map<Phase, Duration> phases() {
        return phases;
    }

    /** The run took this long, of which this object saw only the end. */
    void ran(Duration took) {
        phases.put(Phase.RUN, took);
    }

    /** What came of every member, as far as it is known. */
    List<MemberResult> members() {
        return runs.stream().map(MemberRun::result).toList();
    }

    /** Whether the job may have been started, through this object or by somebody before. */
    boolean mayHaveStarted() {
        return mayHaveStarted;
    }

    /** Whether a run that is not in the background was ended because its time was up. */
    boolean hasTimedOut() {
        return runs.stream()
                .anyMatch(
                        run ->
                                !run.role().isBackground()
                                        && run.status() instanceof RunStatus.TimedOut);
    }

    /**
     * Whether every run ended by itself or was stopped in an orderly way, so that the machines may
     * serve again.
     */
    boolean hasEndedCleanly() {
        return runs.stream()
                .allMatch(
                        run ->
                                run.status() instanceof RunStatus.Exited
                                        || run.status() instanceof RunStatus.Stopped);
    }

    /** Drops the connections; what runs goes on. */
    @Override
    public void close() {
        runs.forEach(MemberRun::close);
    }

    // Before the run.

    /**
     * Reaches every machine and sets it up. Nothing is lost if this fails, unless somebody before
     * may have started the job.
     */
    Answer<List<Done>> prepare() throws InterruptedException {
        long begunNanos = scheduler.nanoTime();
        Deadline bootDeadline = Deadline.after(scheduler, fleet.bootTimeout());
        return together(
                "prepare",
                _ -> true,
                run -> {
                    Answer<Shell> reached = run.persistently(bootDeadline, Answer::ok);
                    if (reached instanceof Answer.Failed<Shell>(Failure why)) {
                        return notPrepared(why);
                    }
                    long reachedNanos = scheduler.nanoTime();
                    longest(
                            Phase.BOOT,
                            Duration.ofNanos(reachedNanos - begunNanos).minus(run.connectTime()));
                    longest(Phase.CONNECT, run.connectTime());
                    Answer<Done> ready = setUp(run);
                    longest(Phase.SETUP, Duration.ofNanos(scheduler.nanoTime() - reachedNanos));
                    return ready instanceof Answer.Failed<Done>(Failure why)
                            ? notPrepared(why)
                            : ready;
                });
    }

    private <T> Answer<T> notPrepared(Failure why) {
        return mayHaveStarted
                ? new Answer.Failed<>(why)
                : as(Failure.Kind.INFRASTRUCTURE, Failure.Kind.LOST, why);
    }

    /** The slowest member's time counts. */
    private synchronized void longest(Phase phase, Duration took) {
        phases.merge(
                phase,
                took.isNegative() ? Duration.ZERO : took,
                (a, b) -> a.compareTo(b) < 0 ? b : a);
    }

    private Answer<Done> setUp(MemberRun run) throws InterruptedException {
        // A machine that has served another job, or has waited for a new owner, needs its time
        // again.
        boolean isShort = run.hold().launch().expiresAt().isBefore(scheduler.now().plus(lease()));
        if (isShort && extendLease(run) instanceof Answer.Failed<Done> failed) {
            return failed;
        }
        if (run.role().setup().isEmpty()) {
            return Answer.ok(Done.DONE);
        }
        Setup setup =
                new Setup(
                        Fingerprint.preparation(run.role()),
                        run.role().setup().get(),
                        run.role().env(),
                        fleet.setupTimeout());
        Deadline deadline =
                Deadline.after(scheduler, fleet.setupTimeout().plus(settings.overrun()));
        return run.persistently(deadline, shell -> shell.setUp(setup, deadline));
    }

    private Duration lease() {
        return fleet.lease(job.timeout()).minus(fleet.bootTimeout());
    }

    private Answer<Done> extendLease(MemberRun run) throws InterruptedException {
        Deadline deadline = callDeadline();
        Answer<Done> extended =
                run.persistently(deadline, shell -> shell.extendLease(lease(), deadline));
        if (extended instanceof Answer.Ok<Done>) {
            fleet.extended(run.hold(), lease());
        }
        return extended;
    }

    /**
     * Starts the run on every prepared machine, those in the background first. If this fails nobody
     * knows whether the job has run: then it counts as lost.
     */
    Answer<List<RunStatus>> start() throws InterruptedException {
        startedNanos = OptionalLong.of(scheduler.nanoTime());
        mayHaveStarted = true;
        Map<Member, String> addresses = new LinkedHashMap<>();
        runs.forEach(run -> addresses.put(run.hold().member(), run.address()));
        Answer<List<RunStatus>> background = start(run -> run.role().isBackground(), addresses);
        if (background instanceof Answer.Failed<List<RunStatus>>) {
            return background;
        }
        return start(run -> !run.role().isBackground(), addresses);
    }

    private Answer<List<RunStatus>> start(Predicate<MemberRun> which, Map<Member, String> addresses)
            throws InterruptedException {
        Deadline deadline = callDeadline();
        return together(
                "start",
                which,
                run -> {
                    Run what =
                            new Run(
                                    run.key(),
                                    run.role().run(),
                                    Environment.of(record, number, run.hold().member(), addresses),
                                    run.role().files(),
                                    job.timeout());
                    Answer<RunStatus> started =
                            run.persistently(deadline, shell -> shell.start(what, deadline));
                    return switch (started) {
                        case Answer.Ok<RunStatus>(RunStatus status) -> {
                            run.status(status);
                            yield started;
                        }
                        case Answer.Failed<RunStatus>(Failure why) ->
                                as(Failure.Kind.LOST, Failure.Kind.INFRASTRUCTURE, why);
                    };
                });
    }

    // While it runs.

    /**
     * The job is taken over while it runs: its machines get their time again. One that cannot be
     * reached is found out later.
     */
    void adopt() throws InterruptedException {
        mayHaveStarted = true;
        var _ =
                together(
                        "adopt",
                        _ -> true,
                        run -> {
                            var _ = extendLease(run);
                            return Answer.ok(Done.DONE);
                        });
    }

    /**
     * Follows the runs until all that are not in the background have ended, then stops those that
     * are. A machine lost under any of them fails the attempt.
     *
     * @param isLostAtNotice whether a machine counts as lost as soon as the cloud gives notice that
     *     it takes it back: it is worth two minutes to the attempt that comes next, but may be just
     *     long enough for the last one
     */
    Answer<List<Done>> follow(boolean isLostAtNotice) throws InterruptedException {
        long begunNanos = startedNanos.orElseGet(scheduler::nanoTime);
        Deadline deadline = Deadline.after(scheduler, job.timeout().plus(settings.overrun()));
        CompletableFuture<Answer<Done>> decided = new CompletableFuture<>();
        SpotNotices notices = new SpotNotices(scheduler, isLostAtNotice, decided);
        List<Scheduler.Task<Answer<Done>>> background =
                followBackground(deadline, notices, decided);
        try {
            AtomicInteger running = new AtomicInteger();
            List<Callable<Answer<Done>>> bodies = new ArrayList<>();
            for (MemberRun run : runs) {
                if (!run.role().isBackground()) {
                    running.incrementAndGet();
                    bodies.add(
                            () -> {
                                Answer<Done> ended = follow(run, deadline, notices);
                                if (running.decrementAndGet() == 0) {
                                    decided.complete(Answer.ok(Done.DONE));
                                }
                                return ended;
                            });
                }
            }
            // One more, that fails when somebody in the background does.
            bodies.add(() -> Blocking.on(scheduler, decided));
            Answer<List<Done>> ended = Together.all(scheduler, "follow-" + job.id(), bodies);
            phases.put(Phase.RUN, Duration.ofNanos(scheduler.nanoTime() - begunNanos));
            if (ended instanceof Answer.Ok<List<Done>>) {
                stop(run -> run.role().isBackground());
                awaitBriefly(background);
            }
            return ended;
        } finally {
            background.forEach(Scheduler.Task::cancel);
        }
    }

    private List<Scheduler.Task<Answer<Done>>> followBackground(
            Deadline deadline, SpotNotices notices, CompletableFuture<Answer<Done>> decided) {
        List<Scheduler.Task<Answer<Done>>> tasks = new ArrayList<>();
        for (MemberRun run : runs) {
            if (run.role().isBackground()) {
                Scheduler.Task<Answer<Done>> task =
                        scheduler.start(
                                "follow-" + run.key(), () -> follow(run, deadline, notices));
                var _ = task.result().whenComplete((ended, thrown) -> tell(decided, ended, thrown));
                tasks.add(task);
            }
        }
        return tasks;
    }

    /** Somebody in the background has ended; only how it failed matters. */
    private static void tell(
            CompletableFuture<Answer<Done>> decided,
            @Nullable Answer<Done> ended,
            @Nullable Throwable thrown) {
        if (thrown != null) {
            decided.completeExceptionally(thrown);
        } else if (ended instanceof Answer.Failed<Done>) {
            decided.complete(ended);
        }
    }

    /**
     * What the background has still to say may be missing from the result, but does not hold it up.
     */
    private void awaitBriefly(List<Scheduler.Task<Answer<Done>>> background)
            throws InterruptedException {
        Deadline deadline = Deadline.after(scheduler, STOP_MAX);
        for (Scheduler.Task<Answer<Done>> task : background) {
            try {
                Blocking.on(scheduler, task.result(), deadline);
            } catch (TimeoutException silent) {
                return;
            }
        }
    }

    private Answer<Done> follow(MemberRun run, Deadline deadline, SpotNotices notices)
            throws InterruptedException {
        Answer<RunStatus.Ended> answer =
                run.persistently(
                        deadline,
                        shell ->
                                notices.during(
                                        run, shell, deadline, there -> run.watch(there, deadline)));
        return switch (answer) {
            case Answer.Ok<RunStatus.Ended>(RunStatus.Vanished(String why)) ->
                    Answer.failed(Failure.Kind.LOST, run.key() + " vanished: " + why);
            case Answer.Ok<RunStatus.Ended>(RunStatus.Ended ended) -> {
                run.status(ended);
                yield Answer.ok(Done.DONE);
            }
            case Answer.Failed<RunStatus.Ended>(Failure why) ->
                    as(Failure.Kind.LOST, Failure.Kind.INFRASTRUCTURE, why);
        };
    }

    // After it.

    /**
     * Fetches the declared outputs of every member. If this fails for want of a machine, the run is
     * lost: its outputs are.
     */
    Answer<List<Done>> collect() throws InterruptedException {
        long begunNanos = scheduler.nanoTime();
        Answer<List<Done>> collected =
                together(
                        "collect",
                        _ -> true,
                        run -> {
                            List<OutputFile> fetched = new ArrayList<>();
                            for (RelativePath path : run.role().outputs()) {
                                Deadline deadline = Deadline.after(scheduler, fleet.setupTimeout());
                                Answer<OutputFile> answer =
                                        run.persistently(
                                                deadline,
                                                shell -> shell.fetch(run.key(), path, deadline));
                                switch (answer) {
                                    case Answer.Ok<OutputFile>(OutputFile file) -> {
                                        fetched.add(file);
                                        run.outputs(fetched);
                                    }
                                    case Answer.Failed<OutputFile>(Failure why) -> {
                                        return as(
                                                Failure.Kind.LOST,
                                                Failure.Kind.INFRASTRUCTURE,
                                                why);
                                    }
                                }
                            }
                            return Answer.ok(Done.DONE);
                        });
        phases.put(Phase.COLLECT, Duration.ofNanos(scheduler.nanoTime() - begunNanos));
        return collected;
    }

    /** Sees to it that what the runs wrote can be read. Blocks for two seconds at most. */
    void flush() throws InterruptedException {
        runs.forEach(run -> run.output().end());
        if (runs.stream().anyMatch(run -> run.output().hasPublished())) {
            output.flush(scheduler);
        }
    }

    /** Stops every run, as far as machines can be reached. */
    void stop() throws InterruptedException {
        stop(_ -> true);
    }

    private void stop(Predicate<MemberRun> which) throws InterruptedException {
        Deadline deadline = Deadline.after(scheduler, STOP_MAX);
        var _ =
                together(
                        "stop",
                        which,
                        run -> {
                            var _ =
                                    run.persistently(
                                            deadline, shell -> shell.stop(run.key(), deadline));
                            // A machine that cannot be reached is terminated anyway; the others are
                            // still to be stopped.
                            return Answer.ok(Done.DONE);
                        });
    }

    private interface Body<T> {
        Answer<T> of(MemberRun run) throws InterruptedException;
    }

    private <T> Answer<List<T>> together(String what, Predicate<MemberRun> which, Body<T> body)
            throws InterruptedException {
        List<Callable<Answer<T>>> bodies =
                runs.stream()
                        .filter(which)
                        .<Callable<Answer<T>>>map(run -> () -> body.of(run))
                        .toList();
        return Together.all(scheduler, what + "-" + job.id(), bodies);
    }

    /** A failure, counted as another kind where it is of the given one. */
    private static <T> Answer<T> as(Failure.Kind kind, Failure.Kind insteadOf, Failure why) {
        return new Answer.Failed<>(
                why.kind() == insteadOf ? new Failure(kind, why.message()) : why);
    }

    private Deadline callDeadline() {
        return Deadline.after(scheduler, settings.callTimeout());
    }
}
