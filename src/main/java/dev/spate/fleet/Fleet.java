package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.RateLimiter;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machines of a worker, over all its shards: planned, launched, reached, kept for the next job,
 * and ended.
 *
 * <p>Safe for any thread. Methods that return a future never block; the others say so.
 */
public final class Fleet implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Fleet.class);
    private static final int IDLE_OVERTIME_SHARE = 10;
    private static final double SECONDS_PER_MINUTE = 60;

    private final FleetSettings settings;
    private final Cloud cloud;
    private final Scheduler scheduler;
    private final FleetEvents events;

    private final OwnedShards shards;
    private final MachineCount count;
    private final FairShares shares;
    private final RateLimiter pace;
    private final Leases leases;
    private final Sweeper sweeper;
    private final RestingPools resting;
    private final IdlePool idle;
    private final MachineWatch watch;
    private final Launches launches;
    private final Terminations terminations;
    private final Arrivals arrivals;
    private final Room room;
    private final Roster roster;
    private final List<Scheduler.Task<?>> loops;
    private volatile boolean isClosed;

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
        this(settings, settings.sweep().interval(), cloud, shells, keys, scheduler, random, events);
    }

    /** The same with sightings of orphans that are another time apart: for tests of the tests. */
    Fleet(
            FleetSettings settings,
            Duration sightingsApart,
            Cloud cloud,
            Shells shells,
            MachineKeys keys,
            Scheduler scheduler,
            RandomGenerator random,
            FleetEvents events) {
        this.settings = settings;
        this.cloud = cloud;
        this.scheduler = scheduler;
        this.events = events;
        this.shards = new OwnedShards(scheduler);
        this.count = new MachineCount(settings.machinesMax());
        this.resting = new RestingPools(settings, scheduler);
        this.idle = new IdlePool(scheduler);
        this.watch = new MachineWatch(cloud, settings, scheduler, this::changed);
        this.launches = new Launches(cloud, keys, settings, scheduler, this::launched);
        this.terminations = new Terminations(cloud, watch, shards, settings, scheduler);
        this.arrivals = new Arrivals(cloud, shells, watch, shards, settings, scheduler, random);
        this.room = new Room(scheduler);
        this.shares =
                new FairShares(
                        settings.machinesMax(),
                        settings.retryPause().multipliedBy(3),
                        count::inUse,
                        scheduler);
        this.pace =
                new RateLimiter(
                        scheduler,
                        settings.machinesPerMinuteMax() / SECONDS_PER_MINUTE,
                        settings.machinesPerMinuteMax());
        this.leases = new Leases(scheduler);
        this.roster = new Roster(watch, idle, terminations, leases);
        this.sweeper = new Sweeper(cloud, shards, new Known(), settings, sightingsApart, scheduler);
        this.loops =
                List.of(
                        loop("machine-watch", watch::run),
                        loop("terminations", terminations::run),
                        loop("sweeper", sweeper::run));
    }

    /** Looks up what a batch needs to know of the cloud. Blocks until the deadline at most. */
    public Answer<Catalog> catalog(Set<String> images, Set<String> types, Deadline deadline)
            throws InterruptedException {
        return cloud.catalog(images, types, deadline);
    }

    /**
     * Finds idle machines and plans launches for the jobs of a batch. Idle machines in the plan are
     * taken, and room for the new ones is set aside: a plan has to be carried out, until the shard
     * is dropped.
     */
    public Map<JobId, Plan> plan(int shard, List<Demand> demands, Catalog catalog) {
        Planner planner;
        Map<JobId, Plan> plans;
        // Held from counting to asking, so that two shards are not given the same room.
        synchronized (count) {
            planner =
                    new Planner(
                            settings,
                            shard,
                            catalog,
                            resting,
                            (spec, preparation) -> idle.take(shard, spec, preparation),
                            shares.allowed(shard, count.free(), shards.count()),
                            pace.available(),
                            scheduler.now());
            plans = planner.plan(demands);
            plans.values().forEach(this::setAside);
            pace.spend(planner.launched());
            shares.wants(shard, planner.shortOf());
        }
        makeRoom(shard, planner.shortOf());
        planner.returned().forEach(this::keep);
        return plans;
    }

    /**
     * Machines that wait for a job like their last one make room for jobs of another kind. Not
     * those that were taken in vain: they will be wanted again.
     */
    private void makeRoom(int shard, int shortOf) {
        Set<Integer> open = shards.all().keySet();
        int coming = terminations.count();
        int due;
        Set<Integer> overShare;
        synchronized (count) {
            due = shares.due(shard, shortOf, open.size());
            overShare =
                    open.stream()
                            .filter(other -> shares.isOverShare(other, open.size()))
                            .collect(Collectors.toSet());
        }
        List<IdlePool.Idle> ended =
                idle.takeOldest(due - coming, settings.idleTime(), overShare::contains);
        idle.takeOldest(shortOf - coming - ended.size(), evictable(), _ -> true)
                .forEach(machine -> end(machine.hold(), "idle"));
        ended.forEach(machine -> end(machine.hold(), "idle"));
    }

    /** Whether a machine of this shard is one too many, because another has too few. */
    private boolean isDueToOthers(int shard) {
        int open = shards.count();
        int coming = terminations.count();
        synchronized (count) {
            return shares.isOverShare(shard, open)
                    && shares.dueToOthers(shard, open) > coming + count.free();
        }
    }

    private Duration evictable() {
        Duration time = settings.idleTime();
        return time.minus(time.dividedBy(IDLE_OVERTIME_SHARE));
    }

    private void setAside(Plan plan) {
        switch (plan) {
            case Plan.Placed(List<Seat> seats, List<Hold> reused) -> {
                seats.stream().map(Seat::launch).distinct().forEach(count::ask);
                reused.forEach(hold -> sweeper.used(hold.machine()));
            }
            case Plan.NotNow _, Plan.Never _ -> {}
        }
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
                            leases.granted(hold.machine(), hold.launch().lease());
                            roster.held(hold);
                            watch.add(hold.machine());
                        });
    }

    /**
     * A shard is this worker's, and all its unreleased jobs have been {@linkplain #resume taken
     * up}: from now on its machines may be ended.
     */
    public void open(int shard, Ownership ownership) {
        shards.open(shard, ownership);
    }

    /** There are so many shards, this worker's and others': no machine is of any beyond. */
    public void shardCount(int count) {
        sweeper.shardCount(count);
    }

    /**
     * A shard is somebody else's now: its machines and launches are forgotten, and left alone. Who
     * still waits for one of them is told by a cancellation.
     */
    public void drop(int shard) {
        shards.drop(shard);
        launches.drop(shard);
        idle.takeAll(shard);
        List<MachineId> theirs = count.drop(shard);
        watch.forget(theirs);
        leases.forget(theirs);
        roster.forget(theirs);
        room.changed();
    }

    /**
     * Starts the machines of a launch, once for all who ask.
     *
     * @return the machines, or a failure that says for certain that none were started, or INTERNAL;
     *     cancelled when the shard is dropped
     */
    public CompletableFuture<Answer<List<Machine>>> launch(Launch launch) {
        return launches.launch(launch);
    }

    /**
     * Completes when the machine is gone; cancelled when its shard is dropped. Cancel it when
     * nobody waits any more.
     */
    public CompletableFuture<Machine> whenGone(MachineId machine) {
        return watch.whenGone(machine, false);
    }

    /**
     * Connects to a machine, trying for as long as it may take to boot. Blocks until the deadline,
     * and for one more call to the cloud if that passes.
     *
     * @return LOST, or why else it ended, if the machine is going or gone, SECURITY if it is not
     *     the one it should be, INFRASTRUCTURE with what its console says if it cannot be reached
     *     in time
     */
    public Answer<Reached> reach(Hold hold, Deadline deadline) throws InterruptedException {
        return arrivals.reach(hold, deadline);
    }

    /**
     * Ends a machine of a shard that is {@linkplain #open open}, however long that takes; completes
     * when it is gone, and is cancelled when its shard is dropped.
     *
     * @param cause one of a handful of words, for metrics
     */
    public CompletableFuture<Machine> terminate(Hold hold, String cause) {
        return terminations.terminate(
                hold.machine(), hold.launch().shard(), () -> events.terminated(cause));
    }

    /** A machine has been told that it may live this much longer, from now. */
    public void extended(Hold hold, Duration lease) {
        leases.granted(hold.machine(), lease);
    }

    /** A job is done with a machine that may serve another: it waits for one, for a while. */
    public void giveBack(Hold hold, String preparation) {
        sweeper.used(hold.machine());
        Duration time = settings.idleTime();
        if (time.isZero() || isDueToOthers(hold.launch().shard())) {
            end(hold, "released");
            return;
        }
        keep(new IdlePool.Idle(hold, preparation, Deadline.after(scheduler, time)));
        // A little late, to end those together that became idle together.
        scheduler.schedule(time.plus(time.dividedBy(IDLE_OVERTIME_SHARE)), this::endExpired);
        room.changed();
    }

    /**
     * Ends the shard's machines that wait for a job: nobody else knows of them.
     *
     * @return completes when they are gone
     */
    public CompletableFuture<Void> endIdle(int shard) {
        return CompletableFuture.allOf(
                idle.takeAll(shard).stream()
                        .map(machine -> terminate(machine.hold(), "idle"))
                        .toArray(CompletableFuture<?>[]::new));
    }

    /** Completes when there may be more machines to be had than now: one came back, or went. */
    public CompletableFuture<Void> whenRoomChanges() {
        return room.whenItChanges();
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

    /** Every machine of this worker's that is not known to be gone, for people to look at. */
    public List<RosterEntry> machines() {
        return roster.entries();
    }

    /** A moment's picture, for metrics. */
    public Snapshot snapshot() {
        Sweeper.Report swept = sweeper.latest();
        return new Snapshot(
                watch.states(),
                idle.size(),
                terminations.count(),
                swept.orphans(),
                swept.sweptAt());
    }

    /**
     * A moment's picture of the machines.
     *
     * @param states how many machines are in each state
     * @param idle how many wait for a job
     * @param ending how many are being ended
     * @param orphans how many were there at the last sweep that no job has
     * @param sweptAt when that was; empty before the first
     */
    public record Snapshot(
            Map<Machine.State, Long> states,
            int idle,
            int ending,
            int orphans,
            Optional<Instant> sweptAt) {}

    /**
     * Whether machines are looked after: false after {@link #close}, and if that was ended by an
     * error that only a restart of the worker can heal.
     */
    public boolean isAlive() {
        return !isClosed && loops.stream().noneMatch(loop -> loop.result().isDone());
    }

    /**
     * Stops looking after machines; none is touched. Shells and cloud are closed by whoever made
     * them.
     */
    @Override
    public void close() {
        isClosed = true;
        // First, so that what the others leave behind is not carried out.
        loops.forEach(Scheduler.Task::cancel);
        launches.close();
        terminations.close();
    }

    private Scheduler.Task<?> loop(String name, Loop loop) {
        Scheduler.Task<?> task =
                scheduler.start(
                        name,
                        () -> {
                            loop.run();
                            return null;
                        });
        var _ =
                task.result()
                        .whenComplete(
                                (_, failure) -> {
                                    if (failure != null && !isClosed) {
                                        log.error("The {} loop is dead", name, failure);
                                    }
                                });
        return task;
    }

    private interface Loop {
        void run() throws InterruptedException;
    }

    private void keep(IdlePool.Idle machine) {
        idle.add(machine);
        // Looked at after it was added: it may have gone while nobody had it.
        if (watch.isEnding(machine.machine())) {
            idle.remove(machine.machine());
        }
    }

    private void endExpired() {
        if (!isClosed) {
            idle.takeExpired().forEach(machine -> end(machine.hold(), "idle"));
        }
    }

    private void end(Hold hold, String cause) {
        var _ = terminate(hold, cause);
    }

    private void launched(Launch launch, Answer<List<Machine>> answer) {
        switch (answer) {
            case Answer.Ok<List<Machine>>(List<Machine> machines) -> {
                if (!count.answered(launch, machines)) {
                    return;
                }
                roster.came(launch, machines);
                machines.forEach(watch::saw);
                machines.forEach(machine -> leases.granted(machine.id(), launch.lease()));
                events.launched(launch.pool().market(), machines.size());
                if (machines.size() < launch.count()) {
                    String gave =
                            "%s gave %d of %d machines"
                                    .formatted(launch.pool(), machines.size(), launch.count());
                    resting.failed(launch.pool(), new Failure(Failure.Kind.CAPACITY, gave));
                }
            }
            case Answer.Failed<List<Machine>>(Failure why) -> {
                if (!count.answered(launch, List.of())) {
                    return;
                }
                resting.failed(launch.pool(), why);
            }
        }
        room.changed();
    }

    /** A machine is seen for the first time, or in another state. */
    private void changed(Machine machine) {
        if (!machine.isEnding()) {
            return;
        }
        idle.remove(machine.id());
        if (machine.state() == Machine.State.GONE && count.gone(machine.id())) {
            leases.forget(List.of(machine.id()));
            roster.forget(List.of(machine.id()));
            if (!terminations.isUnderWay(machine.id())) {
                events.terminated("lost");
            }
            Duration paid = Duration.between(machine.launchedAt(), scheduler.now());
            if (!machine.launchedAt().equals(Instant.EPOCH) && paid.isPositive()) {
                events.paid(paid);
            }
            room.changed();
        }
    }

    /** What the sweeper has to know, and may do. */
    private final class Known implements Sweeper.Holdings {

        @Override
        public boolean isKnown(Machine machine) {
            return idle.has(machine.id())
                    || terminations.isUnderWay(machine.id())
                    || machine.token().filter(count::isAsked).isPresent();
        }

        @Override
        public boolean hasOutlivedLease(MachineId machine) {
            return leases.isOver(machine, settings.sweep().leaseGrace());
        }

        @Override
        public void end(Machine machine, int shard, String cause) {
            // From now on it is looked after, and forgotten with its shard.
            count.hold(machine.id(), shard);
            watch.saw(machine);
            var _ = terminations.terminate(machine.id(), shard, () -> events.terminated(cause));
            if (!shards.isOpen(shard)) {
                count.gone(machine.id());
                watch.forget(List.of(machine.id()));
            }
        }
    }
}
