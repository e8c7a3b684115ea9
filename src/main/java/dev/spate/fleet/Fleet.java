package dev.spate.fleet;

import dev.spate.async.Backoff;
import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.JobId;
import dev.spate.job.JobState;
import dev.spate.job.Launch;
import dev.spate.job.MachineId;
import dev.spate.job.Seat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * The machines of a worker, over all its shards: planned, launched, reached, kept for the next job,
 * and ended.
 *
 * <p>Safe for any thread. Methods that return a future never block; the others say so.
 */
public final class Fleet implements AutoCloseable {

    private static final Backoff CONNECT_BACKOFF =
            new Backoff(Duration.ofMillis(50), Duration.ofMillis(150), 1.3, 0.3);
    private static final Duration CONNECT_TRY_MAX = Duration.ofSeconds(15);
    private static final int CONSOLE_TAIL_LENGTH = 500;

    private final FleetSettings settings;
    private final Cloud cloud;
    private final Shells shells;
    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final FleetEvents events;

    private final MachineCount count;
    private final RestingPools resting;
    private final IdlePool idle;
    private final MachineWatch watch;
    private final Launches launches;
    private final Terminations terminations;
    private final List<Scheduler.Task<?>> loops;
    private CompletableFuture<Void> room = new CompletableFuture<>();

    /**
     * A machine that has been reached.
     *
     * @param connectTime how long the try took that succeeded: connecting, verifying, logging in
     */
    public record Reached(Machine machine, Shell shell, Duration connectTime) {}

    /** Starts looking after machines. */
    public Fleet(
            FleetSettings settings,
            Cloud cloud,
            Shells shells,
            MachineKeys keys,
            Scheduler scheduler,
            RandomGenerator random,
            FleetEvents events) {
        this.settings = settings;
        this.cloud = cloud;
        this.shells = shells;
        this.scheduler = scheduler;
        this.random = random;
        this.events = events;
        this.count = new MachineCount(settings.machinesMax());
        this.resting = new RestingPools(settings, scheduler);
        this.idle = new IdlePool(scheduler);
        this.watch = new MachineWatch(cloud, settings, scheduler, this::gone);
        this.launches = new Launches(cloud, keys, settings, scheduler, this::launched);
        this.terminations = new Terminations(cloud, watch, settings, scheduler);
        this.loops =
                List.of(
                        scheduler.start(
                                "machine-watch",
                                () -> {
                                    watch.run();
                                    return null;
                                }),
                        scheduler.start(
                                "terminations",
                                () -> {
                                    terminations.run();
                                    return null;
                                }));
    }

    /** Looks up what a batch needs to know of the cloud. Blocks until the deadline at most. */
    public Answer<Catalog> catalog(Set<String> images, Set<String> types, Deadline deadline)
            throws InterruptedException {
        return cloud.catalog(images, types, deadline);
    }

    /**
     * Finds idle machines and plans launches for the jobs of a batch. Idle machines in the plan are
     * taken, and room for the new ones is set aside: what is not carried out has to be given back
     * with {@link #terminate} and {@link #abandon}.
     */
    public Map<JobId, Plan> plan(int shard, List<Demand> demands, Catalog catalog) {
        Planner planner;
        Map<JobId, Plan> plans;
        synchronized (count) {
            planner =
                    new Planner(
                            settings,
                            shard,
                            catalog,
                            resting,
                            (spec, preparation) -> idle.take(shard, spec, preparation),
                            count.free(),
                            scheduler.now());
            plans = planner.plan(demands);
            plans.values()
                    .forEach(
                            plan -> {
                                if (plan instanceof Plan.Placed placed) {
                                    placed.seats().stream()
                                            .map(Seat::launch)
                                            .distinct()
                                            .forEach(count::ask);
                                }
                            });
        }
        planner.returned().forEach(idle::add);
        // Machines that wait for a job like their last one make room for jobs of another kind.
        idle.takeOldest(planner.shortOf()).forEach(machine -> end(machine.hold(), "idle"));
        return plans;
    }

    /** A launch that was planned will not be made by this worker. */
    public void abandon(Launch launch) {
        count.answered(launch, List.of());
        roomChanged();
    }

    /**
     * A job is taken up from the journal: the machines it has, or has asked for, are this worker's
     * now.
     */
    public void resume(JobState state) {
        if (state instanceof JobState.Launching launching) {
            launching.seats().stream().map(Seat::launch).distinct().forEach(count::ask);
        }
        state.machines()
                .forEach(
                        hold -> {
                            count.hold(hold.machine(), hold.launch().shard());
                            watch.add(hold.machine());
                        });
    }

    /** A shard is somebody else's now: its machines are forgotten, and left alone. */
    public void drop(int shard) {
        count.drop(shard);
        idle.takeAll(shard);
        roomChanged();
    }

    /**
     * Starts the machines of a launch, once for all who ask.
     *
     * @return the machines, or a failure that says for certain that none were started
     */
    public CompletableFuture<Answer<List<Machine>>> launch(Launch launch) {
        return launches.launch(launch);
    }

    /** Completes when the machine is gone. */
    public CompletableFuture<Machine> whenGone(MachineId machine) {
        return watch.whenGone(machine, false);
    }

    /**
     * Connects to a machine, trying for as long as it may take to boot. Blocks until the deadline
     * at most.
     *
     * @return LOST if the machine is gone, SECURITY if it is not the one it should be,
     *     INFRASTRUCTURE with what its console says if it cannot be reached in time
     */
    public Answer<Reached> reach(Hold hold, Deadline deadline) throws InterruptedException {
        switch (addressed(hold.machine(), deadline)) {
            case Answer.Ok<Machine>(Machine machine) -> {
                Target target =
                        new Target(
                                machine.id(),
                                machine.address().orElseThrow(),
                                hold.launch().token());
                return connect(machine, target, deadline);
            }
            case Answer.Failed<Machine> failed -> {
                return failed.as();
            }
        }
    }

    /** Ends a machine, however long that takes; completes when it is gone. */
    public CompletableFuture<Machine> terminate(Hold hold, String cause) {
        events.terminated(cause);
        return terminations.terminate(hold.machine());
    }

    /** A job is done with a machine that may serve another: it waits for one, for a while. */
    public void giveBack(Hold hold, String preparation) {
        if (settings.idleTime().isZero()) {
            end(hold, "released");
            return;
        }
        idle.add(
                new IdlePool.Idle(
                        hold, preparation, Deadline.after(scheduler, settings.idleTime())));
        scheduler.schedule(
                settings.idleTime(),
                () -> idle.takeExpired().forEach(machine -> end(machine.hold(), "idle")));
        roomChanged();
    }

    /** Completes when there may be more machines to be had than now: one came back, or went. */
    public synchronized CompletableFuture<Void> whenRoomChanges() {
        return room;
    }

    /** How long a job of this timeout may need a machine. */
    public Duration lease(Duration timeout) {
        return Planner.lease(settings, timeout);
    }

    /** How long a machine may take from launch to login. */
    public Duration bootTimeout() {
        return settings.bootTimeout();
    }

    /** How long setup may take. */
    public Duration setupTimeout() {
        return settings.setupTimeout();
    }

    /** A moment's picture, for metrics. */
    public Snapshot snapshot() {
        return new Snapshot(watch.states(), idle.size(), terminations.count());
    }

    /**
     * A moment's picture of the machines.
     *
     * @param states how many machines are in each state
     * @param idle how many wait for a job
     * @param ending how many are being ended
     */
    public record Snapshot(Map<Machine.State, Long> states, int idle, int ending) {}

    /**
     * Stops looking after machines; none is touched. Shells and cloud are closed by whoever made
     * them.
     */
    @Override
    public void close() {
        launches.close();
        terminations.close();
        loops.forEach(Scheduler.Task::cancel);
    }

    private Answer<Machine> addressed(MachineId id, Deadline deadline) throws InterruptedException {
        CompletableFuture<Machine> addressed =
                watch.when(id, true, machine -> machine.address().isPresent());
        try {
            Machine machine = scheduler.await(addressed, deadline);
            return machine.state() == Machine.State.GONE ? lost(machine) : Answer.ok(machine);
        } catch (TimeoutException late) {
            addressed.cancel(false);
            return Answer.failed(
                    Failure.Kind.INFRASTRUCTURE, "machine " + id + " got no address in time");
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("watching never fails", impossible);
        }
    }

    private Answer<Reached> connect(Machine machine, Target target, Deadline deadline)
            throws InterruptedException {
        int tries = 0;
        while (true) {
            Deadline tryDeadline = Deadline.after(scheduler, CONNECT_TRY_MAX).sooner(deadline);
            long begunNanos = scheduler.nanoTime();
            Failure why;
            switch (shells.connect(target, tryDeadline)) {
                case Answer.Ok<Shell>(Shell shell) -> {
                    return Answer.ok(
                            new Reached(
                                    machine,
                                    shell,
                                    Duration.ofNanos(scheduler.nanoTime() - begunNanos)));
                }
                case Answer.Failed<Shell>(Failure failure) -> why = failure;
            }
            Optional<Machine> latest = watch.latest(machine.id());
            if (latest.isPresent() && latest.get().state() == Machine.State.GONE) {
                return lost(latest.get());
            }
            if (why.kind() == Failure.Kind.SECURITY) {
                return new Answer.Failed<>(why);
            }
            tries++;
            Duration pause = CONNECT_BACKOFF.delay(tries, random);
            if (deadline.remaining(scheduler).compareTo(pause) <= 0) {
                return Answer.failed(
                        Failure.Kind.INFRASTRUCTURE, why.message() + console(machine.id()));
            }
            scheduler.sleep(pause);
        }
    }

    /** The end of the console's text, as part of a message. */
    private String console(MachineId id) throws InterruptedException {
        String text =
                switch (cloud.console(id, Deadline.after(scheduler, settings.callTimeout()))) {
                    case Answer.Ok<String>(String console) -> console.strip();
                    case Answer.Failed<String> _ -> "";
                };
        if (text.isEmpty()) {
            return "; its console says nothing";
        }
        return "; its console ends: "
                + text.substring(Math.max(0, text.length() - CONSOLE_TAIL_LENGTH));
    }

    private static <T> Answer<T> lost(Machine machine) {
        return new Answer.Failed<>(
                machine.ended()
                        .orElse(
                                new Failure(
                                        Failure.Kind.LOST,
                                        "machine " + machine.id() + " is gone")));
    }

    private void end(Hold hold, String cause) {
        var _ = terminate(hold, cause);
    }

    private void launched(Launch launch, Answer<List<Machine>> answer) {
        switch (answer) {
            case Answer.Ok<List<Machine>>(List<Machine> machines) -> {
                count.answered(launch, machines);
                machines.forEach(watch::saw);
                events.launched(launch.pool().market(), machines.size());
                if (machines.size() < launch.count()) {
                    resting.failed(
                            launch.pool(),
                            new Failure(
                                    Failure.Kind.CAPACITY,
                                    launch.pool()
                                            + " gave "
                                            + machines.size()
                                            + " of "
                                            + launch.count()
                                            + " machines"));
                }
            }
            case Answer.Failed<List<Machine>>(Failure why) -> {
                count.answered(launch, List.of());
                resting.failed(launch.pool(), why);
            }
        }
        roomChanged();
    }

    private void gone(Machine machine) {
        count.gone(machine.id());
        idle.remove(machine.id());
        roomChanged();
    }

    private void roomChanged() {
        CompletableFuture<Void> changed;
        synchronized (this) {
            changed = room;
            room = new CompletableFuture<>();
        }
        changed.complete(null);
    }
}
