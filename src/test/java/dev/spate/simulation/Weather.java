package dev.spate.simulation;

import dev.spate.engine.FakeBrokers;
import dev.spate.engine.FakeTopicsEvent;
import dev.spate.fleet.FakeCloud;
import dev.spate.fleet.FakeCloudEvent;
import dev.spate.fleet.FakeGroundEvent;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Breaks what the scenario says, at moments drawn from the seed, and lets it be fine at the end.
 * Writes to the history what it does, and what its dice do to calls and exchanges.
 */
final class Weather {

    /** A shard that no worker ever owns. */
    private static final int UNOWNED_SHARD = 99;

    /** An ambush waits for one of so many moments. */
    private static final int MOMENTS_MAX = 80;

    private final Node.World world;
    private final Scenario scenario;
    private final List<Node> nodes;
    private final Group group;
    private final Dice dice;
    private final WorkerWeather workers;
    private final MachineWeather machines;
    private final CloudWeather cloud;

    Weather(Node.World world, List<Node> nodes, Group group) {
        this.world = world;
        this.scenario = world.scenario();
        this.nodes = nodes;
        this.group = group;
        SplittableRandom random = world.random().split();
        this.dice = new Dice(world.clock(), world.history(), scenario, random);
        boolean lurks = scenario.faults().contains(Fault.WORKER_KILLED_AT);
        int ambush = lurks ? 1 + random.nextInt(MOMENTS_MAX) : 0;
        this.workers = new WorkerWeather(world, nodes, group, dice, ambush);
        this.machines = new MachineWeather(world, dice);
        this.cloud = new CloudWeather(world, dice);
    }

    /** Begins to be bad. */
    void begin() {
        world.topics().onEvent(this::seen);
        world.cloud().onEvent(this::seen);
        world.ground().onEvent(this::seen);
        scenario.faults().forEach(this::plan);
    }

    /** Everything works again, and every worker is there: what is broken stays broken no longer. */
    void clear() {
        dice.clear();
        world.topics().brokers().heal();
        cloud.clear();
        world.ground().network().heal();
        nodes.forEach(workers::revive);
    }

    /** From now on no worker is started any more. */
    void over() {
        workers.over();
    }

    // What is planned beforehand.

    private void plan(Fault fault) {
        switch (fault) {
            case WORKER_KILLED -> dice.sometimes(3, () -> workers.kill(fault, workers.anyNode()));
            case WORKER_KILLED_AT -> {}
            case WORKER_PAUSED ->
                    dice.sometimes(
                            3, () -> workers.pause(fault, Duration.ofMillis(dice.millis(9_000))));
            case WORKER_PAUSED_LONG ->
                    dice.sometimes(
                            2,
                            () ->
                                    workers.pause(
                                            fault,
                                            Duration.ofMillis(13_000 + dice.millis(30_000))));
            case WORKER_CUT_OFF -> dice.sometimes(2, () -> workers.cutOff(workers.anyNode()));
            case WORKER_CLOSED -> dice.sometimes(2, () -> workers.close(workers.anyNode()));
            case SHARD_MOVED ->
                    dice.sometimes(
                            4,
                            () -> {
                                dice.struck(fault, "");
                                group.moveSome();
                            });
            case SHARD_FENCED ->
                    dice.sometimes(
                            2,
                            () -> {
                                int shard = dice.random().nextInt(scenario.shards());
                                dice.struck(fault, "shard " + shard);
                                world.topics().fence(shard);
                            });
            case WALL_CLOCK_JUMPS -> dice.sometimes(3, workers::jumpWallClock);
            case COMMIT_SLOW -> dice.sometimes(4, () -> commits(FakeBrokers.Fate.TRUE, 14_000));
            case COMMIT_UNTOLD -> dice.sometimes(3, () -> commits(FakeBrokers.Fate.TRUE_UNTOLD, 1));
            case COMMIT_LOST -> dice.sometimes(3, () -> commits(FakeBrokers.Fate.NEVER, 1));
            case COMMIT_LATE -> dice.sometimes(3, () -> commits(FakeBrokers.Fate.TRUE_LATER, 1));
            case BROKERS_AWAY -> dice.sometimes(2, this::sendBrokersAway);
            case CALLS_FAIL, CALLS_SLOW -> cloud.spoilCalls();
            case LAUNCH_UNKNOWN -> world.cloud().faults().rate(FakeCloud.Action.LAUNCH, 0.8, 0.1);
            case READS_LAG -> {
                dice.struck(fault, "");
                world.cloud().lag(Duration.ofMillis(dice.millis(6_000)));
            }
            case CLOUD_DEAF ->
                    dice.sometimes(
                            2,
                            () -> {
                                dice.struck(fault, "");
                                world.cloud().deaf(true);
                                dice.after(15_000, () -> world.cloud().deaf(false));
                            });
            case NO_CAPACITY -> dice.sometimes(3, cloud::takeCapacity);
            case NO_QUOTA -> dice.sometimes(2, cloud::takeQuota);
            case EXCHANGES_BREAK ->
                    world.ground().network().breakAtRandom(0.02 + dice.chance() / 5);
            case FOREIGN -> dice.sometimes(2, () -> cloud.appear(fault, 0, false));
            case UNOWNED -> dice.sometimes(2, () -> cloud.appear(fault, UNOWNED_SHARD, true));
            case ORPHAN ->
                    dice.sometimes(
                            2,
                            () ->
                                    cloud.appear(
                                            fault, dice.random().nextInt(scenario.shards()), true));
            // These wait for a machine or a run.
            case DIES_PENDING,
                    DIES,
                    SPOT_TAKEN,
                    SPOT_NOTICE,
                    NEVER_UP,
                    CUT_OFF,
                    LOCKED,
                    SSHD_SLOW,
                    IMPOSTOR,
                    SEVERED,
                    HALF_OPEN,
                    WRAPPER_KILLED,
                    DENIED,
                    WILL_NOT_END -> {}
        }
    }

    // Brokers.

    private void commits(FakeBrokers.Fate fate, int delayMillisMax) {
        world.topics().brokers().next(fate, Duration.ofMillis(dice.millis(delayMillisMax)));
    }

    private void sendBrokersAway() {
        dice.struck(Fault.BROKERS_AWAY, "");
        world.topics().brokers().away(true);
        dice.after(25_000, () -> world.topics().brokers().away(false));
    }

    // What happens, and what the weather does about it.

    private void seen(FakeTopicsEvent event) {
        switch (event) {
            case FakeTopicsEvent.Troubled troubled ->
                    dice.struck(
                            switch (troubled.fate()) {
                                case TRUE -> Fault.COMMIT_SLOW;
                                case TRUE_UNTOLD -> Fault.COMMIT_UNTOLD;
                                case NEVER -> Fault.COMMIT_LOST;
                                case TRUE_LATER -> Fault.COMMIT_LATE;
                            },
                            "");
            case FakeTopicsEvent.Committed committed -> workers.moment(committed.by());
            case FakeTopicsEvent.Opened opened -> workers.moment(opened.by());
            case FakeTopicsEvent.Published _,
                    FakeTopicsEvent.Delivered _,
                    FakeTopicsEvent.Lost _ -> {}
        }
    }

    private void seen(FakeCloudEvent event) {
        switch (event) {
            case FakeCloudEvent.Failed failed -> {
                boolean isLaunch = failed.action() == FakeCloud.Action.LAUNCH;
                dice.struck(isLaunch ? Fault.LAUNCH_UNKNOWN : Fault.CALLS_FAIL, "");
                workers.moment(Facts.process(failed.by()));
            }
            case FakeCloudEvent.Slowed _ -> dice.struck(Fault.CALLS_SLOW, "");
            case FakeCloudEvent.Made made -> {
                workers.moment(Facts.process(made.by()));
                machines.machineCame(made.machine(), made.launch().pool().market());
            }
            case FakeCloudEvent.TerminationAsked asked -> workers.moment(Facts.process(asked.by()));
            case FakeCloudEvent.MadeBefore _,
                    FakeCloudEvent.Appeared _,
                    FakeCloudEvent.Stopped _,
                    FakeCloudEvent.Violation _ -> {}
        }
    }

    private void seen(FakeGroundEvent event) {
        switch (event) {
            case FakeGroundEvent.Started started -> {
                workers.moment(Facts.process(started.by()));
                if (dice.isDue(Fault.WRAPPER_KILLED)) {
                    dice.after(
                            10_000,
                            () -> {
                                dice.struck(Fault.WRAPPER_KILLED, started.machine(), "");
                                world.ground().vanish(started.key());
                            });
                }
            }
            case FakeGroundEvent.SetUp setUp -> workers.moment(Facts.process(setUp.by()));
            case FakeGroundEvent.LoggedIn login -> workers.moment(Facts.process(login.by()));
            case FakeGroundEvent.Stopped stopped -> workers.moment(Facts.process(stopped.by()));
            case FakeGroundEvent.Extended extended -> workers.moment(Facts.process(extended.by()));
            case FakeGroundEvent.Broke broke ->
                    dice.struck(Fault.EXCHANGES_BREAK, broke.machine(), "");
            case FakeGroundEvent.Ended _,
                    FakeGroundEvent.StartedBefore _,
                    FakeGroundEvent.Mistrusted _,
                    FakeGroundEvent.Refused _,
                    FakeGroundEvent.Served _,
                    FakeGroundEvent.NotReached _ -> {}
        }
    }
}
