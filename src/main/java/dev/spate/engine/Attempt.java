package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Fingerprint;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.Machine;
import dev.spate.fleet.OutputSink.Stream;
import dev.spate.fleet.Run;
import dev.spate.fleet.RunKey;
import dev.spate.fleet.RunStatus;
import dev.spate.fleet.Setup;
import dev.spate.fleet.Shell;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.Job;
import dev.spate.job.Member;
import dev.spate.job.MemberResult;
import dev.spate.job.OutputFile;
import dev.spate.job.Phase;
import dev.spate.job.RelativePath;
import dev.spate.job.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on its machines: reached, set up, started together, followed to the end, collected.
 *
 * <p>Holds nothing that could not be found out again: after a crash a new object does the same
 * calls, each of which may be repeated. Called by one thread at a time.
 */
final class Attempt implements AutoCloseable {

    /** How long to wait before connecting again when a connection broke. */
    private static final Duration RECONNECT_PAUSE = Duration.ofMillis(200);

    private final Job job;
    private final int number;
    private final Fleet fleet;
    private final EngineSettings settings;
    private final Scheduler scheduler;
    private final Map<Member, Place> places = new LinkedHashMap<>();
    private final Map<Phase, Duration> phases = new EnumMap<>(Phase.class);

    /** One member on its machine. */
    private static final class Place {
        final Hold hold;
        final Role role;
        final RunKey key;
        final Capture capture;
        final CompletableFuture<Machine> gone;
        volatile Fleet.@Nullable Reached reached;
        volatile String address = "";
        volatile RunStatus status = new RunStatus.NotStarted();
        volatile List<OutputFile> outputs = List.of();

        Place(Hold hold, Role role, RunKey key, Capture capture, CompletableFuture<Machine> gone) {
            this.hold = hold;
            this.role = role;
            this.key = key;
            this.capture = capture;
            this.gone = gone;
            // A machine that is gone may leave its connection half open; closing it wakes whoever
            // waits for it.
            var _ = gone.thenRun(this::drop);
        }

        void drop() {
            Fleet.Reached before = reached;
            reached = null;
            if (before != null) {
                before.shell().close();
            }
        }
    }

    Attempt(
            Job job,
            int number,
            List<Hold> machines,
            Fleet fleet,
            EngineSettings settings,
            Scheduler scheduler) {
        this.job = job;
        this.number = number;
        this.fleet = fleet;
        this.settings = settings;
        this.scheduler = scheduler;
        for (Hold hold : machines) {
            Member member = hold.member();
            places.put(
                    member,
                    new Place(
                            hold,
                            job.role(member.role()),
                            new RunKey(job.id(), member, number),
                            new Capture(settings.headBytesMax(), settings.tailBytesMax()),
                            fleet.whenGone(hold.machine())));
        }
    }

    /** How long the phases took that this object went through. */
    Map<Phase, Duration> phases() {
        return phases;
    }

    /** Reaches every machine and sets it up. */
    Answer<List<Shell.Done>> prepare() throws InterruptedException {
        long begunNanos = scheduler.nanoTime();
        Deadline bootDeadline = Deadline.after(scheduler, fleet.bootTimeout());
        List<Phases> took = new ArrayList<>();
        Answer<List<Shell.Done>> prepared =
                together(
                        "prepare",
                        _ -> true,
                        place -> {
                            switch (persistently(place, bootDeadline, Answer::ok)) {
                                case Answer.Failed<Shell> failed -> {
                                    return failed.as();
                                }
                                case Answer.Ok<Shell> _ -> {
                                    long reachedNanos = scheduler.nanoTime();
                                    Answer<Shell.Done> setUp = setUp(place);
                                    long setUpNanos = scheduler.nanoTime() - reachedNanos;
                                    synchronized (took) {
                                        took.add(
                                                new Phases(
                                                        reachedNanos - begunNanos,
                                                        connectTime(place),
                                                        setUpNanos));
                                    }
                                    return setUp;
                                }
                            }
                        });
        note(took);
        return prepared;
    }

    /** How long one member's way to readiness took. */
    private record Phases(long reachNanos, Duration connect, long setUpNanos) {}

    /** The phases of the slowest member count. */
    private void note(List<Phases> took) {
        for (Phases each : took) {
            longest(Phase.BOOT, Duration.ofNanos(each.reachNanos()).minus(each.connect()));
            longest(Phase.CONNECT, each.connect());
            longest(Phase.SETUP, Duration.ofNanos(each.setUpNanos()));
        }
    }

    private void longest(Phase phase, Duration took) {
        phases.merge(
                phase,
                took.isNegative() ? Duration.ZERO : took,
                (a, b) -> a.compareTo(b) < 0 ? b : a);
    }

    private Answer<Shell.Done> setUp(Place place) throws InterruptedException {
        Duration needed = fleet.lease(job.timeout()).minus(fleet.bootTimeout());
        if (place.hold.launch().expiresAt().isBefore(scheduler.now().plus(needed))) {
            // A machine that has served another job, or has waited for a new owner, needs its time
            // again.
            Deadline deadline = callDeadline();
            Answer<Shell.Done> extended =
                    persistently(place, deadline, shell -> shell.extendLease(needed, deadline));
            if (extended instanceof Answer.Failed<Shell.Done>) {
                return extended;
            }
        }
        if (place.role.setup().isEmpty()) {
            return Answer.ok(Shell.Done.DONE);
        }
        Setup setup =
                new Setup(
                        Fingerprint.preparation(place.role),
                        place.role.setup().get(),
                        place.role.env(),
                        fleet.setupTimeout());
        Deadline deadline =
                Deadline.after(scheduler, fleet.setupTimeout().plus(settings.overrun()));
        return persistently(place, deadline, shell -> shell.setUp(setup, deadline));
    }

    private static Duration connectTime(Place place) {
        Fleet.Reached reached = place.reached;
        return reached == null ? Duration.ZERO : reached.connectTime();
    }

    /** Starts the run on every prepared machine, those in the background first. */
    Answer<List<RunStatus>> start() throws InterruptedException {
        Map<Member, String> addresses = new LinkedHashMap<>();
        for (Place place : places.values()) {
            addresses.put(place.hold.member(), place.address);
        }
        Answer<List<RunStatus>> background = start(place -> place.role.isBackground(), addresses);
        if (background instanceof Answer.Failed<List<RunStatus>>) {
            return background;
        }
        return start(place -> !place.role.isBackground(), addresses);
    }

    private Answer<List<RunStatus>> start(Predicate<Place> which, Map<Member, String> addresses)
            throws InterruptedException {
        Deadline deadline = callDeadline();
        return together(
                "start",
                which,
                place -> {
                    Run run =
                            new Run(
                                    place.key,
                                    place.role.run(),
                                    Environment.of(job, number, place.hold.member(), addresses),
                                    place.role.files(),
                                    job.timeout());
                    Answer<RunStatus> started =
                            persistently(place, deadline, shell -> shell.start(run, deadline));
                    if (started instanceof Answer.Ok<RunStatus>(RunStatus status)) {
                        place.status = status;
                    }
                    return started;
                });
    }

    /**
     * Follows the runs until all that are not in the background have ended, then stops those that
     * are.
     *
     * @param remaining how much of the timeout is left
     */
    Answer<List<RunStatus.Ended>> follow(Duration remaining) throws InterruptedException {
        long begunNanos = scheduler.nanoTime();
        Deadline deadline = Deadline.after(scheduler, remaining.plus(settings.overrun()));
        List<Scheduler.Task<Answer<RunStatus.Ended>>> background = new ArrayList<>();
        for (Place place : places.values()) {
            if (place.role.isBackground()) {
                background.add(
                        scheduler.start("follow-" + place.key, () -> follow(place, deadline)));
            }
        }
        try {
            Answer<List<RunStatus.Ended>> ended =
                    together(
                            "follow",
                            place -> !place.role.isBackground(),
                            place -> follow(place, deadline));
            phases.put(Phase.RUN, Duration.ofNanos(scheduler.nanoTime() - begunNanos));
            if (ended instanceof Answer.Ok<List<RunStatus.Ended>>) {
                stop(place -> place.role.isBackground());
                for (Scheduler.Task<Answer<RunStatus.Ended>> task : background) {
                    Together.await(scheduler, task.result());
                }
            }
            return ended;
        } finally {
            background.forEach(Scheduler.Task::cancel);
        }
    }

    private Answer<RunStatus.Ended> follow(Place place, Deadline deadline)
            throws InterruptedException {
        Answer<RunStatus.Ended> answer =
                persistently(
                        place,
                        deadline,
                        shell ->
                                shell.watch(
                                        place.key,
                                        place.capture.offset(Stream.OUT),
                                        place.capture.offset(Stream.ERR),
                                        place.capture,
                                        deadline));
        return switch (answer) {
            case Answer.Ok<RunStatus.Ended>(RunStatus.Vanished(String why)) ->
                    Answer.failed(Failure.Kind.LOST, place.key + " vanished: " + why);
            case Answer.Ok<RunStatus.Ended>(RunStatus.Ended ended) -> {
                place.status = ended;
                yield answer;
            }
            case Answer.Failed<RunStatus.Ended>(Failure why) ->
                    why.kind() == Failure.Kind.INFRASTRUCTURE
                            ? Answer.failed(
                                    Failure.Kind.LOST,
                                    "machine "
                                            + place.hold.machine()
                                            + " did not say in time how "
                                            + place.key
                                            + " ended: "
                                            + why.message())
                            : answer;
        };
    }

    /**
     * Fetches the declared outputs of every member. A missing one is a failure only if all else
     * went well.
     */
    Answer<List<List<OutputFile>>> collect() throws InterruptedException {
        long begunNanos = scheduler.nanoTime();
        Answer<List<List<OutputFile>>> collected =
                together(
                        "collect",
                        _ -> true,
                        place -> {
                            List<OutputFile> fetched = new ArrayList<>();
                            for (RelativePath path : place.role.outputs()) {
                                Deadline deadline = Deadline.after(scheduler, fleet.setupTimeout());
                                Answer<OutputFile> answer =
                                        persistently(
                                                place,
                                                deadline,
                                                shell -> shell.fetch(place.key, path, deadline));
                                switch (answer) {
                                    case Answer.Ok<OutputFile>(OutputFile file) ->
                                            fetched.add(file);
                                    case Answer.Failed<OutputFile> failed -> {
                                        place.outputs = fetched;
                                        return failed.as();
                                    }
                                }
                            }
                            place.outputs = fetched;
                            return Answer.ok(fetched);
                        });
        phases.put(Phase.COLLECT, Duration.ofNanos(scheduler.nanoTime() - begunNanos));
        return collected;
    }

    /** Stops every run, as far as machines can be reached. */
    void stop() throws InterruptedException {
        stop(_ -> true);
    }

    private void stop(Predicate<Place> which) throws InterruptedException {
        Deadline deadline = callDeadline();
        var _ =
                together(
                        "stop",
                        which,
                        place -> {
                            var _ =
                                    persistently(
                                            place,
                                            deadline,
                                            shell -> shell.stop(place.key, deadline));
                            // A machine that cannot be reached is terminated anyway; the others are
                            // still to be stopped.
                            return Answer.ok(Shell.Done.DONE);
                        });
    }

    /** What came of every member, as far as it is known. */
    List<MemberResult> members() {
        return places.values().stream()
                .map(
                        place ->
                                new MemberResult(
                                        place.hold.member(),
                                        place.hold.machine(),
                                        place.hold.launch().pool(),
                                        place.status instanceof RunStatus.Exited(int code)
                                                ? OptionalInt.of(code)
                                                : OptionalInt.empty(),
                                        place.capture.captured(Stream.OUT),
                                        place.capture.captured(Stream.ERR),
                                        place.outputs))
                .toList();
    }

    /** Whether a run that is not in the background was ended because its time was up. */
    boolean hasTimedOut() {
        return places.values().stream()
                .anyMatch(
                        place ->
                                !place.role.isBackground()
                                        && place.status instanceof RunStatus.TimedOut);
    }

    /**
     * Whether every run ended by itself or was stopped in an orderly way, so that the machines may
     * serve again.
     */
    boolean hasEndedCleanly() {
        return places.values().stream()
                .allMatch(
                        place ->
                                place.status instanceof RunStatus.Exited
                                        || place.status instanceof RunStatus.Stopped);
    }

    /** Drops the connections; what runs goes on. */
    @Override
    public void close() {
        places.values()
                .forEach(
                        place -> {
                            place.gone.cancel(false);
                            place.drop();
                        });
    }

    private interface Exchange<T> {
        Answer<T> with(Shell shell) throws InterruptedException;
    }

    /**
     * Uses the member's connection, and connects and tries again for as long as it is the
     * connection that fails.
     */
    private <T> Answer<T> persistently(Place place, Deadline deadline, Exchange<T> exchange)
            throws InterruptedException {
        while (true) {
            Answer<T> answer = once(place, deadline, exchange);
            boolean isBroken =
                    answer instanceof Answer.Failed<T>(Failure why)
                            && why.kind() == Failure.Kind.INFRASTRUCTURE;
            if (!isBroken || deadline.remaining(scheduler).compareTo(RECONNECT_PAUSE) <= 0) {
                return answer;
            }
            place.drop();
            scheduler.sleep(RECONNECT_PAUSE);
        }
    }

    private <T> Answer<T> once(Place place, Deadline deadline, Exchange<T> exchange)
            throws InterruptedException {
        Fleet.Reached reached = place.reached;
        if (reached == null || !reached.shell().isOpen()) {
            place.drop();
            switch (fleet.reach(place.hold, deadline)) {
                case Answer.Ok<Fleet.Reached>(Fleet.Reached again) -> {
                    place.reached = again;
                    place.address = again.machine().address().orElseThrow();
                    reached = again;
                }
                case Answer.Failed<Fleet.Reached> failed -> {
                    return failed.as();
                }
            }
        }
        return exchange.with(reached.shell());
    }

    private <T> Answer<List<T>> together(String what, Predicate<Place> which, Body<T> body)
            throws InterruptedException {
        List<Callable<Answer<T>>> bodies =
                places.values().stream()
                        .filter(which)
                        .<Callable<Answer<T>>>map(place -> () -> body.of(place))
                        .toList();
        return Together.all(scheduler, what + "-" + job.id(), bodies);
    }

    private interface Body<T> {
        Answer<T> of(Place place) throws InterruptedException;
    }

    private Deadline callDeadline() {
        return Deadline.after(scheduler, settings.callTimeout());
    }
}
