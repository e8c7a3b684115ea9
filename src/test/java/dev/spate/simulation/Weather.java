package dev.spate.simulation;

import dev.spate.engine.FakeBrokers;
import dev.spate.engine.FakeTopicsEvent;
import dev.spate.fleet.FakeCloud;
import dev.spate.fleet.FakeCloudEvent;
import dev.spate.fleet.FakeGroundEvent;
import dev.spate.fleet.Machine;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.Market;
import dev.spate.job.Pool;
import dev.spate.job.SampleJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Breaks what the scenario says, at moments drawn from the seed, and lets it be fine at the end.
 * Writes to the history what it does, and what its dice do to calls and exchanges.
 */
final class Weather {

    /** A shard that no worker ever owns. */
    private static final int UNOWNED_SHARD = 99;

    private static final Failure DENIED =
            new Failure(Failure.Kind.INFRASTRUCTURE, "not allowed at the moment");

    /** Less than it takes until it is believed, all looks together. */
    private static final int DENIAL_MAX_MILLIS = 12_000;

    private static final Duration DENIALS_APART = Duration.ofSeconds(50);

    /** How long a spot machine is left after the notice. */
    private static final Duration NOTICE = Duration.ofSeconds(20);

    private static final List<Market> MARKETS = List.of(Market.values());
    private static final List<String> TYPES = List.of("c7i.large", "c6i.large");
    private static final List<String> ZONES = List.of("eu-west-1a", "eu-west-1b");

    private final Node.World world;
    private final Scenario scenario;
    private final List<Node> nodes;
    private final Group group;
    private final SplittableRandom random;
    private int moments;
    private int ambush;
    private int strangers;
    private boolean isFine;
    private boolean isOver;

    Weather(Node.World world, List<Node> nodes, Group group) {
        this.world = world;
        this.scenario = world.scenario();
        this.nodes = nodes;
        this.group = group;
        this.random = world.random().split();
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
        isFine = true;
        world.topics().brokers().heal();
        world.cloud().faults().heal();
        world.cloud().deaf(false).lag(Duration.ZERO);
        for (Market market : Market.values()) {
            world.cloud().quota(market, Integer.MAX_VALUE);
            TYPES.forEach(type -> capacity(market, type, Integer.MAX_VALUE));
        }
        world.cloud().there().forEach(machine -> world.cloud().letEnd(machine.id()));
        world.ground().network().heal();
        nodes.forEach(this::revive);
        world.history().add(new Event.Cleared(now()));
    }

    /** From now on no worker is started any more. */
    void over() {
        isOver = true;
    }

    // What is planned beforehand.

    private void plan(Fault fault) {
        switch (fault) {
            case WORKER_KILLED -> sometimes(3, () -> kill(fault, anyNode()));
            case WORKER_KILLED_AT -> ambush = 1 + random.nextInt(80);
            case WORKER_PAUSED ->
                    sometimes(3, () -> pause(fault, Duration.ofMillis(millis(9_000))));
            case WORKER_PAUSED_LONG ->
                    sometimes(2, () -> pause(fault, Duration.ofMillis(13_000 + millis(30_000))));
            case WORKER_CUT_OFF -> sometimes(2, () -> cutOff(anyNode()));
            case WORKER_CLOSED -> sometimes(2, () -> close(anyNode()));
            case SHARD_MOVED ->
                    sometimes(
                            4,
                            () -> {
                                struck(fault, "");
                                group.moveSome();
                            });
            case SHARD_FENCED ->
                    sometimes(
                            2,
                            () -> {
                                int shard = random.nextInt(scenario.shards());
                                struck(fault, "shard " + shard);
                                world.topics().fence(shard);
                            });
            case WALL_CLOCK_JUMPS -> sometimes(3, this::jumpWallClock);
            case COMMIT_SLOW -> sometimes(4, () -> commits(FakeBrokers.Fate.TRUE, 14_000));
            case COMMIT_UNTOLD -> sometimes(3, () -> commits(FakeBrokers.Fate.TRUE_UNTOLD, 1));
            case COMMIT_LOST -> sometimes(3, () -> commits(FakeBrokers.Fate.NEVER, 1));
            case COMMIT_LATE -> sometimes(3, () -> commits(FakeBrokers.Fate.TRUE_LATER, 1));
            case BROKERS_AWAY -> sometimes(2, this::sendBrokersAway);
            case CALLS_FAIL, CALLS_SLOW -> spoilCalls();
            case LAUNCH_UNKNOWN -> world.cloud().faults().rate(FakeCloud.Action.LAUNCH, 0.8, 0.1);
            case READS_LAG -> {
                struck(fault, "");
                world.cloud().lag(Duration.ofMillis(millis(6_000)));
            }
            case CLOUD_DEAF ->
                    sometimes(
                            2,
                            () -> {
                                struck(fault, "");
                                world.cloud().deaf(true);
                                after(15_000, () -> world.cloud().deaf(false));
                            });
            case NO_CAPACITY -> sometimes(3, this::takeCapacity);
            case NO_QUOTA -> sometimes(2, this::takeQuota);
            case EXCHANGES_BREAK -> world.ground().network().breakAtRandom(0.02 + chance() / 5);
            case FOREIGN -> sometimes(2, () -> appear(fault, 0, false));
            case UNOWNED -> sometimes(2, () -> appear(fault, UNOWNED_SHARD, true));
            case ORPHAN ->
                    sometimes(2, () -> appear(fault, random.nextInt(scenario.shards()), true));
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

    // Workers.

    private Node anyNode() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private void kill(Fault fault, Node node) {
        if (node.isUp()) {
            struck(fault, node.life().process().name());
            node.kill();
            group.silent(node);
            after(20_000, () -> revive(node));
        }
    }

    private void pause(Fault fault, Duration time) {
        Node node = anyNode();
        if (node.isUp() && !node.isPaused()) {
            struck(fault, node.life().process().name() + " for " + time);
            node.pause();
            group.silent(node);
            world.clock().schedule(time, () -> resume(node));
        }
    }

    private void resume(Node node) {
        if (node.isPaused()) {
            node.resume();
            group.heard(node);
        }
    }

    /** It goes on with the cloud and the machines, and does not know that it is replaced. */
    private void cutOff(Node node) {
        if (node.isUp()) {
            String process = node.life().process().name();
            FakeBrokers brokers = world.topics().brokers();
            Duration time = Duration.ofMillis(15_000 + millis(60_000));
            struck(Fault.WORKER_CUT_OFF, process + " for " + time);
            brokers.cutOff(process, true);
            group.silent(node);
            world.clock()
                    .schedule(
                            time,
                            () -> {
                                brokers.cutOff(process, false);
                                group.heard(node);
                            });
        }
    }

    private void close(Node node) {
        if (node.isUp() && !node.isPaused()) {
            struck(Fault.WORKER_CLOSED, node.life().process().name());
            Node.Life life = node.life();
            node.close(
                    () -> {
                        group.left(life);
                        life.process().crash();
                        Duration pause = Duration.ofMillis(millis(5_000));
                        world.clock().schedule(pause, () -> revive(node));
                    });
        }
    }

    private void revive(Node node) {
        resume(node);
        if (node.isUp()) {
            group.heard(node);
        } else if (!isOver) {
            node.start();
            group.join(node);
        }
    }

    private void jumpWallClock() {
        Node node = anyNode();
        Duration by = Duration.ofSeconds(random.nextInt(-7_200, 7_200));
        struck(Fault.WALL_CLOCK_JUMPS, node.life().process().name() + " by " + by);
        node.life().process().jumpWallClock(by);
    }

    // Brokers.

    private void commits(FakeBrokers.Fate fate, int delayMillisMax) {
        world.topics().brokers().next(fate, Duration.ofMillis(millis(delayMillisMax)));
    }

    private void sendBrokersAway() {
        struck(Fault.BROKERS_AWAY, "");
        world.topics().brokers().away(true);
        after(25_000, () -> world.topics().brokers().away(false));
    }

    // The cloud.

    private void spoilCalls() {
        double failures = scenario.faults().contains(Fault.CALLS_FAIL) ? chance() / 2 : 0;
        double delays = scenario.faults().contains(Fault.CALLS_SLOW) ? chance() / 2 : 0;
        for (FakeCloud.Action action : FakeCloud.Action.values()) {
            world.cloud().faults().rate(action, failures, delays);
        }
    }

    private void takeCapacity() {
        String type = TYPES.get(random.nextInt(TYPES.size()));
        Market market = MARKETS.get(random.nextInt(MARKETS.size()));
        int count = random.nextInt(2);
        struck(Fault.NO_CAPACITY, market + " " + type + " " + count);
        capacity(market, type, count);
        after(40_000, () -> capacity(market, type, Integer.MAX_VALUE));
    }

    private void capacity(Market market, String type, int count) {
        for (String zone : ZONES) {
            world.cloud().capacity(new Pool(market, type, Optional.of(zone)), count);
        }
    }

    private void takeQuota() {
        Market market = MARKETS.get(random.nextInt(MARKETS.size()));
        int count = random.nextInt(3);
        struck(Fault.NO_QUOTA, market + " " + count);
        world.cloud().quota(market, count);
        after(40_000, () -> world.cloud().quota(market, Integer.MAX_VALUE));
    }

    private void appear(Fault fault, int shard, boolean isOfGroup) {
        strangers++;
        LaunchToken token = new LaunchToken("%064x".formatted(strangers));
        Launch like =
                new Launch(
                        token,
                        shard,
                        SampleJobs.MACHINE,
                        "ami-1",
                        new Pool(Market.ON_DEMAND, "t3.small", Optional.of(ZONES.getFirst())),
                        1,
                        Duration.ofHours(1),
                        now().plus(Duration.ofHours(1)),
                        Optional.empty());
        MachineId machine =
                world.cloud().strange(like, isOfGroup ? Optional.of(token) : Optional.empty());
        struck(fault, machine, "shard " + shard);
    }

    // What happens, and what the weather does about it.

    private void seen(FakeTopicsEvent event) {
        switch (event) {
            case FakeTopicsEvent.Troubled troubled ->
                    struck(
                            switch (troubled.fate()) {
                                case TRUE -> Fault.COMMIT_SLOW;
                                case TRUE_UNTOLD -> Fault.COMMIT_UNTOLD;
                                case NEVER -> Fault.COMMIT_LOST;
                                case TRUE_LATER -> Fault.COMMIT_LATE;
                            },
                            "");
            case FakeTopicsEvent.Committed committed -> moment(committed.by());
            case FakeTopicsEvent.Opened opened -> moment(opened.by());
            case FakeTopicsEvent.Published _,
                    FakeTopicsEvent.Delivered _,
                    FakeTopicsEvent.Lost _ -> {}
        }
    }

    private void seen(FakeCloudEvent event) {
        switch (event) {
            case FakeCloudEvent.Failed failed -> {
                boolean isLaunch = failed.action() == FakeCloud.Action.LAUNCH;
                struck(isLaunch ? Fault.LAUNCH_UNKNOWN : Fault.CALLS_FAIL, "");
                moment(Facts.process(failed.by()));
            }
            case FakeCloudEvent.Slowed _ -> struck(Fault.CALLS_SLOW, "");
            case FakeCloudEvent.Made made -> {
                moment(Facts.process(made.by()));
                machineCame(made.machine(), made.launch().pool().market());
            }
            case FakeCloudEvent.TerminationAsked asked -> moment(Facts.process(asked.by()));
            case FakeCloudEvent.MadeBefore _,
                    FakeCloudEvent.Appeared _,
                    FakeCloudEvent.Stopped _,
                    FakeCloudEvent.Violation _ -> {}
        }
    }

    private void seen(FakeGroundEvent event) {
        switch (event) {
            case FakeGroundEvent.Started started -> {
                moment(Facts.process(started.by()));
                if (isDue(Fault.WRAPPER_KILLED)) {
                    after(
                            10_000,
                            () -> {
                                struck(Fault.WRAPPER_KILLED, started.machine(), "");
                                world.ground().vanish(started.key());
                            });
                }
            }
            case FakeGroundEvent.SetUp setUp -> moment(Facts.process(setUp.by()));
            case FakeGroundEvent.LoggedIn login -> moment(Facts.process(login.by()));
            case FakeGroundEvent.Stopped stopped -> moment(Facts.process(stopped.by()));
            case FakeGroundEvent.Extended extended -> moment(Facts.process(extended.by()));
            case FakeGroundEvent.Broke broke -> struck(Fault.EXCHANGES_BREAK, broke.machine(), "");
            case FakeGroundEvent.Ended _,
                    FakeGroundEvent.StartedBefore _,
                    FakeGroundEvent.Mistrusted _,
                    FakeGroundEvent.Refused _,
                    FakeGroundEvent.Served _,
                    FakeGroundEvent.NotReached _ -> {}
        }
    }

    /** Something has an effect: the worst of moments for whoever did it to die. */
    private void moment(String process) {
        moments++;
        if (moments == ambush && !isFine) {
            for (Node node : nodes) {
                if (node.life().process().name().equals(process)) {
                    int micros = random.nextInt(4) * random.nextInt(2_000);
                    world.clock()
                            .schedule(
                                    Duration.ofNanos(micros * 1_000L),
                                    () -> kill(Fault.WORKER_KILLED_AT, node));
                }
            }
        }
    }

    /** A machine has been made: what will become of it? */
    private void machineCame(MachineId machine, Market market) {
        if (isDue(Fault.DIES_PENDING)) {
            after(5_000, () -> die(Fault.DIES_PENDING, machine));
        }
        if (isDue(Fault.DIES)) {
            after(30_000, () -> die(Fault.DIES, machine));
        }
        if (market == Market.SPOT && isDue(Fault.SPOT_TAKEN)) {
            after(
                    30_000,
                    () -> {
                        struck(Fault.SPOT_TAKEN, machine, "");
                        world.cloud().interrupt(machine);
                    });
        }
        if (market == Market.SPOT && isDue(Fault.SPOT_NOTICE)) {
            after(
                    30_000,
                    () -> {
                        struck(Fault.SPOT_NOTICE, machine, "");
                        world.ground().giveNotice(machine);
                        world.clock().schedule(NOTICE, () -> world.cloud().interrupt(machine));
                    });
        }
        if (isDue(Fault.NEVER_UP)) {
            struck(Fault.NEVER_UP, machine, "");
            world.ground().network().cutOff(machine);
        } else if (isDue(Fault.CUT_OFF)) {
            after(20_000, () -> cutOff(machine));
        }
        if (isDue(Fault.LOCKED)) {
            struck(Fault.LOCKED, machine, "");
            world.ground().network().lock(machine, true);
        }
        if (isDue(Fault.SSHD_SLOW)) {
            struck(Fault.SSHD_SLOW, machine, "");
            world.ground().network().slow(machine, Duration.ofMillis(millis(20_000)));
        }
        if (isDue(Fault.SEVERED)) {
            repeatedly(
                    () -> {
                        struck(Fault.SEVERED, machine, "");
                        world.ground().network().sever(machine);
                    });
        }
        if (isDue(Fault.HALF_OPEN)) {
            repeatedly(
                    () -> {
                        struck(Fault.HALF_OPEN, machine, "");
                        world.ground().network().silence(machine);
                    });
        }
        if (isDue(Fault.DENIED)) {
            after(15_000, () -> deny(machine));
            world.clock().schedule(DENIALS_APART, () -> after(20_000, () -> deny(machine)));
        }
        if (isDue(Fault.WILL_NOT_END)) {
            struck(Fault.WILL_NOT_END, machine, "");
            world.cloud().refuseToEnd(machine, DENIED);
            after(60_000, () -> world.cloud().letEnd(machine));
        }
        if (isDue(Fault.IMPOSTOR)) {
            after(8_000, () -> impersonate(machine));
        }
    }

    private void deny(MachineId machine) {
        struck(Fault.DENIED, machine, "");
        world.cloud().deny(machine, Duration.ofMillis(millis(DENIAL_MAX_MILLIS)));
    }

    private void die(Fault fault, MachineId machine) {
        if (world.cloud().isThere(machine)) {
            struck(fault, machine, "");
            world.cloud().kill(machine);
        }
    }

    private void cutOff(MachineId machine) {
        struck(Fault.CUT_OFF, machine, "");
        world.ground().network().cutOff(machine);
        after(20_000, () -> world.ground().network().reconnect(machine));
    }

    private void impersonate(MachineId machine) {
        List<MachineId> others =
                world.cloud().there().stream()
                        .map(Machine::id)
                        .filter(other -> !world.cloud().isOfOneLaunch(other, machine))
                        .toList();
        if (!others.isEmpty()) {
            MachineId other = others.get(random.nextInt(others.size()));
            struck(Fault.IMPOSTOR, machine, other.toString());
            world.ground().network().impersonate(machine, other);
        }
    }

    // Dice.

    private boolean isDue(Fault fault) {
        return !isFine && scenario.faults().contains(fault) && random.nextInt(3) == 0;
    }

    private void sometimes(int max, Runnable what) {
        int times = 1 + random.nextInt(max);
        for (int i = 0; i < times; i++) {
            after((int) scenario.storm().toMillis(), what);
        }
    }

    private void repeatedly(Runnable what) {
        for (int i = 0; i <= random.nextInt(3); i++) {
            after(40_000, what);
        }
    }

    /** Does something within that time, unless the weather is fine by then. */
    private void after(int millisMax, Runnable what) {
        world.clock()
                .schedule(
                        Duration.ofMillis(millis(millisMax)),
                        () -> {
                            if (!isFine) {
                                what.run();
                            }
                        });
    }

    private int millis(int max) {
        return random.nextInt(max);
    }

    private double chance() {
        return random.nextDouble();
    }

    private Instant now() {
        return world.clock().now();
    }

    private void struck(Fault fault, String what) {
        world.history().add(new Event.Struck(now(), fault, Optional.empty(), what));
    }

    private void struck(Fault fault, MachineId machine, String what) {
        world.history().add(new Event.Struck(now(), fault, Optional.of(machine), what));
    }
}
