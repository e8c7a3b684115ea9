package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.Market;
import dev.spate.job.Pool;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A cloud in memory that behaves like EC2, deterministically: for use on a {@code FakeScheduler},
 * by any number of simulated processes. It keeps its machines when they crash.
 *
 * <p>Give it the {@code FakeScheduler} itself, not a process of it. Everything can be set at any
 * time between two steps; the defaults are a good day: calls take 20 ms, machines run after 5 s and
 * take 2 s to end, there is room for everything, and reads do not lag.
 */
public final class FakeCloud implements Cloud {

    /** The calls, for counters and faults. */
    public enum Action {
        CATALOG,
        LAUNCH,
        DESCRIBE,
        LIST,
        TERMINATE,
        CONSOLE
    }

    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final FakeFaults faults;

    private final Map<MachineId, FakeMachine> machines = new LinkedHashMap<>();
    private final Map<LaunchToken, List<FakeMachine>> launches = new HashMap<>();
    private final Map<LaunchToken, String> asked = new HashMap<>();
    private final Map<Action, Integer> calls = new EnumMap<>(Action.class);
    private final List<FakeCloudEvent> log = new ArrayList<>();
    private final List<Consumer<FakeCloudEvent>> listeners = new ArrayList<>();
    private final Map<Pool, Integer> capacity = new HashMap<>();
    private final Map<Market, Integer> quota = new EnumMap<>(Market.class);
    private final Map<MachineId, Failure> refused = new HashMap<>();
    private final Map<MachineId, String> consoles = new HashMap<>();
    private final Map<String, String> images = new TreeMap<>();
    private final Map<String, Catalog.MachineType> types = new TreeMap<>();

    private String region = "eu-west-1";
    private List<String> zones = List.of("eu-west-1a", "eu-west-1b");
    private Duration latency = Duration.ofMillis(20);
    private Duration bootMin = Duration.ofSeconds(5);
    private Duration bootMax = Duration.ofSeconds(5);
    private Duration terminationDelay = Duration.ofSeconds(2);
    private Duration lagMax = Duration.ZERO;
    private Duration memory = Duration.ofHours(1);
    private boolean hasAddressAtOnce;
    private boolean isDeaf;
    private boolean isSlowToStop;
    private boolean isIndiscreet;

    /** A cloud with no machines. */
    public FakeCloud(Scheduler scheduler, RandomGenerator random) {
        this.scheduler = scheduler;
        this.random = random;
        this.faults = new FakeFaults(random);
        image("ubuntu-24.04", "ami-1");
        type("c7i.large", "0.0892", "0.0357");
        type("c6i.large", "0.0850", "0.0340");
        type("t3.small", "0.0208", "0.0062");
    }

    // What it is like.

    /** Adds an image. */
    public FakeCloud image(String name, String id) {
        images.put(name, id);
        return this;
    }

    /** Adds a machine type, or changes its prices in USD per hour; empty text means unknown. */
    public FakeCloud type(String name, String onDemand, String spot) {
        types.put(name, new Catalog.MachineType(price(onDemand), price(spot)));
        return this;
    }

    /** Sets how long a call takes. */
    public FakeCloud latency(Duration time) {
        latency = time;
        return this;
    }

    /** Sets how long machines are pending. */
    public FakeCloud boot(Duration min, Duration max) {
        bootMin = min;
        bootMax = max;
        return this;
    }

    /** Sets how long machines take to end. */
    public FakeCloud terminationDelay(Duration time) {
        terminationDelay = time;
        return this;
    }

    /** Sets how far behind reads may be; each is a random part of it behind. */
    public FakeCloud lag(Duration max) {
        lagMax = max;
        return this;
    }

    /** Sets how long the cloud knows machines that are gone. */
    public FakeCloud memory(Duration time) {
        memory = time;
        return this;
    }

    /** Sets whether machines have their address before they run, as private addresses are. */
    public FakeCloud addressAtOnce(boolean isSo) {
        hasAddressAtOnce = isSo;
        return this;
    }

    /** Sets how many machines a pool has, those in use included. The zone must be given. */
    public FakeCloud capacity(Pool pool, int count) {
        capacity.put(pool, count);
        return this;
    }

    /** Sets how many machines of a market the account may have at a time. */
    public FakeCloud quota(Market market, int count) {
        quota.put(market, count);
        return this;
    }

    /** Sets what the console of a machine says. */
    public FakeCloud console(MachineId id, String text) {
        consoles.put(id, text);
        return this;
    }

    /** Sets that a machine cannot be ended. */
    public FakeCloud refuseToEnd(MachineId id, Failure why) {
        refused.put(id, why);
        return this;
    }

    /** Sets that a machine can be ended again. */
    public FakeCloud letEnd(MachineId id) {
        refused.remove(id);
        return this;
    }

    /** Sets whether it answers terminate calls as done without doing anything. */
    public FakeCloud deaf(boolean isSo) {
        isDeaf = isSo;
        return this;
    }

    /** Sets whether what runs on a machine that is told to end goes on for a part of its end. */
    public FakeCloud slowToStop(boolean isSo) {
        isSlowToStop = isSo;
        return this;
    }

    /** Sets whether lists show the machines of other groups too: what nobody has asked for. */
    public FakeCloud indiscreet(boolean isSo) {
        isIndiscreet = isSo;
        return this;
    }

    /** Whoever is given here is told of everything that happens, as it happens. */
    public void onEvent(Consumer<FakeCloudEvent> listener) {
        listeners.add(listener);
    }

    /** What goes wrong with calls. */
    public FakeFaults faults() {
        return faults;
    }

    // What happens by itself, and to machines.

    /** A machine dies, as if its power had failed. */
    public void kill(MachineId id) {
        end(id, new Failure(Failure.Kind.LOST, "machine " + id + ": it died"), Duration.ZERO);
    }

    /** For a while nobody who looks at the machine finds it, though it is there. */
    public void deny(MachineId id, Duration time) {
        machine(id).deny(scheduler.nanoTime() + time.toNanos());
    }

    /**
     * A machine in the account that no worker asked for.
     *
     * @param tags what it says of itself; empty if it is another group's, or nobody's
     */
    public MachineId strange(Launch like, Optional<LaunchToken> tags) {
        FakeMachine machine = add(like, 0, roomiest(like.pool()), FakeBoot.STRANGE, tags);
        tell(new FakeCloudEvent.Appeared(scheduler.now(), machine.id, tags.isPresent()));
        return machine.id;
    }

    /** A machine ends for a reason of the cloud's. */
    public void kill(MachineId id, Failure why) {
        end(id, why, Duration.ZERO);
    }

    /** A spot machine is taken away. */
    public void interrupt(MachineId id) {
        end(
                id,
                new Failure(Failure.Kind.LOST, "machine " + id + ": spot interruption"),
                Duration.ZERO);
    }

    /** Somebody on the machine moves its lease: it ends by itself after this. */
    public void extendLease(MachineId id, Duration lease) {
        FakeMachine machine = machine(id);
        if (!machine.isEnding()) {
            arm(machine, lease);
        }
    }

    // What can be known of it without a call.

    /** Whether something can run on the machine at this moment. */
    public boolean isUp(MachineId id) {
        return machine(id).isWorking(scheduler.nanoTime());
    }

    /** Whether the machine is not on its way out. */
    public boolean isThere(MachineId id) {
        return !machine(id).isEnding();
    }

    /** Whether two machines came from one launch, and have the same keys. */
    public boolean isOfOneLaunch(MachineId a, MachineId b) {
        return machine(a).token.equals(machine(b).token);
    }

    /** What was planted on a machine at its first boot. */
    FakeBoot boot(MachineId id) {
        return machine(id).boot;
    }

    /** Completes when nothing runs on the machine any more. */
    public CompletableFuture<Void> whenStopped(MachineId id) {
        return machine(id).stopped.copy();
    }

    /** The machines that are not gone, in the order in which they were made. */
    public List<Machine> there() {
        long nowNanos = scheduler.nanoTime();
        return machines.values().stream()
                .filter(machine -> machine.isThere(nowNanos))
                .map(machine -> machine.describe(nowNanos, hasAddressAtOnce))
                .toList();
    }

    /** The machines on which something can happen, now or when they have booted. */
    public List<Machine> machinesAtWork() {
        long nowNanos = scheduler.nanoTime();
        return machines.values().stream()
                .filter(machine -> !machine.stopped.isDone())
                .map(machine -> machine.describe(nowNanos, hasAddressAtOnce))
                .toList();
    }

    /** Everything that happened. */
    public List<FakeCloudEvent> log() {
        return List.copyOf(log);
    }

    /** Everything of one kind that happened. */
    public <E extends FakeCloudEvent> List<E> log(Class<E> kind) {
        return log.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** How many calls of one action were made. */
    public int calls(Action action) {
        return calls.getOrDefault(action, 0);
    }

    /** How many calls were made in all. */
    public int calls() {
        return calls.values().stream().mapToInt(Integer::intValue).sum();
    }

    // The port.

    @Override
    public Answer<Catalog> catalog(Set<String> names, Set<String> typeNames, Deadline deadline)
            throws InterruptedException {
        return call(
                Action.CATALOG,
                deadline,
                () -> Answer.ok(new Catalog(only(images, names), only(types, typeNames), region)));
    }

    @Override
    public Answer<List<Machine>> launch(Launch launch, String userData, Deadline deadline)
            throws InterruptedException {
        return call(Action.LAUNCH, deadline, () -> launch(launch, userData));
    }

    @Override
    public Answer<List<Machine>> describe(Set<MachineId> ids, Deadline deadline)
            throws InterruptedException {
        requireFew(ids);
        return call(
                Action.DESCRIBE,
                deadline,
                () -> Answer.ok(seen(machines.values().stream().filter(m -> ids.contains(m.id)))));
    }

    @Override
    public Answer<List<Machine>> list(Deadline deadline) throws InterruptedException {
        return call(
                Action.LIST,
                deadline,
                () ->
                        Answer.ok(
                                seen(machines.values().stream().filter(this::isShown)).stream()
                                        .filter(m -> m.state() != Machine.State.GONE)
                                        .toList()));
    }

    @Override
    public Answer<Map<MachineId, Failure>> terminate(Set<MachineId> ids, Deadline deadline)
            throws InterruptedException {
        requireFew(ids);
        return call(Action.TERMINATE, deadline, () -> Answer.ok(terminate(ids)));
    }

    @Override
    public Answer<String> console(MachineId id, Deadline deadline) throws InterruptedException {
        return call(Action.CONSOLE, deadline, () -> Answer.ok(consoles.getOrDefault(id, "")));
    }

    @Override
    public void close() {
        // It is nobody's.
    }

    // Inside.

    private boolean isShown(FakeMachine machine) {
        return machine.token.isPresent() || isIndiscreet;
    }

    private void tell(FakeCloudEvent event) {
        log.add(event);
        listeners.forEach(listener -> listener.accept(event));
    }

    /** The effect comes half-way, so that who crashes meanwhile may or may not have had it. */
    private <T> Answer<T> call(Action action, Deadline deadline, Supplier<Answer<T>> effect)
            throws InterruptedException {
        calls.merge(action, 1, Integer::sum);
        Optional<FakeFaults.Fault> fault = faults.of(action);
        Duration slowness = Duration.ZERO;
        if (fault.isPresent()) {
            switch (fault.get()) {
                case FakeFaults.Fault.Throws(RuntimeException bug) -> throw bug;
                case FakeFaults.Fault.Slow(Duration by) -> {
                    slowness = by;
                    tell(new FakeCloudEvent.Slowed(scheduler.now(), caller(), action, by));
                }
                case FakeFaults.Fault.Fails(Failure why, FakeFaults.Effect when) -> {
                    scheduler.sleep(shorter(latency, deadline));
                    tell(new FakeCloudEvent.Failed(scheduler.now(), caller(), action, why, when));
                    if (when == FakeFaults.Effect.HAPPENS) {
                        var _ = effect.get();
                    }
                    return new Answer.Failed<>(why);
                }
            }
        }
        scheduler.sleep(shorter(latency.dividedBy(2), deadline));
        Answer<T> answer = effect.get();
        Duration rest = latency.dividedBy(2).plus(slowness);
        boolean isLate = deadline.remaining(scheduler).compareTo(rest) < 0;
        scheduler.sleep(shorter(rest, deadline));
        if (isLate) {
            tell(
                    new FakeCloudEvent.Failed(
                            scheduler.now(),
                            caller(),
                            action,
                            new Failure(Failure.Kind.INFRASTRUCTURE, "no answer in time"),
                            FakeFaults.Effect.HAPPENS));
        }
        return isLate
                ? Answer.failed(Failure.Kind.INFRASTRUCTURE, action + ": no answer in time")
                : answer;
    }

    private Answer<List<Machine>> launch(Launch launch, String userData) {
        String parameters = launch + "\n" + userData;
        String before = asked.putIfAbsent(launch.token(), parameters);
        if (before != null && !before.equals(parameters)) {
            tell(violation("another launch under token " + launch.token()));
        }
        List<FakeMachine> made = launches.get(launch.token());
        if (made != null) {
            tell(new FakeCloudEvent.MadeBefore(scheduler.now(), caller(), launch.token()));
            return Answer.ok(present(made));
        }
        if (!images.containsValue(launch.imageId()) || !types.containsKey(launch.pool().type())) {
            return Answer.failed(
                    Failure.Kind.INVALID, "no " + launch.imageId() + " or " + launch.pool());
        }
        Market market = launch.pool().market();
        int allowed = quota.getOrDefault(market, Integer.MAX_VALUE) - inUse(market);
        if (allowed <= 0) {
            return Answer.failed(Failure.Kind.QUOTA, "quota of " + market.word() + " used up");
        }
        Pool pool = roomiest(launch.pool());
        int count = Math.min(Math.min(allowed, room(pool)), launch.count());
        if (count <= 0) {
            return Answer.failed(Failure.Kind.CAPACITY, launch.pool() + ": no capacity");
        }
        made = new ArrayList<>();
        FakeBoot boot = FakeBoot.of(launch, userData);
        for (int index = 0; index < count; index++) {
            made.add(make(launch, index, pool, boot));
        }
        launches.put(launch.token(), made);
        return Answer.ok(present(made));
    }

    private FakeMachine add(
            Launch launch, int index, Pool pool, FakeBoot boot, Optional<LaunchToken> token) {
        int number = machines.size() + 1;
        FakeMachine machine =
                new FakeMachine(
                        new MachineId("i-%017x".formatted(number)),
                        launch,
                        token,
                        index,
                        pool,
                        boot,
                        "10.0.%d.%d".formatted(number / 250, number % 250 + 1),
                        scheduler,
                        between(bootMin, bootMax));
        machines.put(machine.id, machine);
        return machine;
    }

    private FakeMachine make(Launch launch, int index, Pool pool, FakeBoot boot) {
        FakeMachine machine = add(launch, index, pool, boot, Optional.of(launch.token()));
        boot.lease().ifPresent(lease -> arm(machine, lease));
        tell(
                new FakeCloudEvent.Made(
                        scheduler.now(), caller(), machine.id, launch.token(), index, launch));
        return machine;
    }

    private Map<MachineId, Failure> terminate(Set<MachineId> ids) {
        Map<MachineId, Failure> notEnded = new TreeMap<>();
        for (MachineId id : ids.stream().sorted().toList()) {
            if (!machines.containsKey(id)) {
                continue;
            }
            tell(new FakeCloudEvent.TerminationAsked(scheduler.now(), caller(), id));
            Failure refusal = refused.get(id);
            if (refusal != null) {
                notEnded.put(id, refusal);
            } else if (!isDeaf) {
                Duration stopsAfter =
                        isSlowToStop ? between(Duration.ZERO, terminationDelay) : Duration.ZERO;
                end(
                        id,
                        new Failure(Failure.Kind.LOST, "machine " + id + ": terminated"),
                        stopsAfter);
            }
        }
        return notEnded;
    }

    private void end(MachineId id, Failure why, Duration stopsAfter) {
        FakeMachine machine = machine(id);
        if (!machine.end(scheduler.nanoTime(), stopsAfter, terminationDelay, why)) {
            return;
        }
        if (stopsAfter.isZero()) {
            stopped(machine, why);
        } else {
            scheduler.schedule(stopsAfter, () -> stopped(machine, why));
        }
    }

    private void stopped(FakeMachine machine, Failure why) {
        machine.stopped.complete(null);
        tell(
                new FakeCloudEvent.Stopped(
                        scheduler.now(),
                        machine.id,
                        OptionalInt.of(machine.launch.shard()),
                        why.message()));
    }

    private void arm(FakeMachine machine, Duration lease) {
        if (machine.leaseEnd != null) {
            machine.leaseEnd.cancel();
        }
        Failure why = new Failure(Failure.Kind.LOST, "machine " + machine.id + ": its lease ended");
        machine.leaseEnd = scheduler.schedule(lease, () -> end(machine.id, why, Duration.ZERO));
    }

    private List<Machine> seen(Stream<FakeMachine> some) {
        long nanos = scheduler.nanoTime() - between(Duration.ZERO, lagMax).toNanos();
        return some.filter(machine -> machine.isMadeBy(nanos) && !machine.isDenied(nanos))
                .filter(machine -> !machine.isForgotten(nanos, memory))
                .map(machine -> machine.describe(nanos, hasAddressAtOnce))
                .toList();
    }

    private List<Machine> present(List<FakeMachine> some) {
        long nanos = scheduler.nanoTime();
        return some.stream().map(machine -> machine.describe(nanos, hasAddressAtOnce)).toList();
    }

    private Pool roomiest(Pool pool) {
        if (pool.zone().isPresent()) {
            return pool;
        }
        Pool best = new Pool(pool.market(), pool.type(), Optional.of(zones.getFirst()));
        for (String zone : zones) {
            Pool other = new Pool(pool.market(), pool.type(), Optional.of(zone));
            best = room(other) > room(best) ? other : best;
        }
        return best;
    }

    private int room(Pool pool) {
        long nowNanos = scheduler.nanoTime();
        long used =
                machines.values().stream()
                        .filter(m -> m.pool.equals(pool) && m.isThere(nowNanos))
                        .count();
        return capacity.getOrDefault(pool, Integer.MAX_VALUE) - (int) used;
    }

    private int inUse(Market market) {
        long nowNanos = scheduler.nanoTime();
        return (int)
                machines.values().stream()
                        .filter(m -> m.pool.market() == market && m.isThere(nowNanos))
                        .count();
    }

    private FakeMachine machine(MachineId id) {
        return Objects.requireNonNull(machines.get(id), () -> "no machine " + id);
    }

    private Duration between(Duration min, Duration max) {
        long spanNanos = max.minus(min).toNanos();
        return spanNanos <= 0 ? min : min.plusNanos(random.nextLong(spanNanos));
    }

    private Duration shorter(Duration time, Deadline deadline) {
        Duration remaining = deadline.remaining(scheduler);
        return time.compareTo(remaining) < 0 ? time : remaining;
    }

    private FakeCloudEvent.Violation violation(String what) {
        return new FakeCloudEvent.Violation(scheduler.now(), caller(), what);
    }

    private static String caller() {
        return Thread.currentThread().getName();
    }

    private static Optional<BigDecimal> price(String usd) {
        return usd.isEmpty() ? Optional.empty() : Optional.of(new BigDecimal(usd));
    }

    private static <T> Map<String, T> only(Map<String, T> all, Set<String> names) {
        Map<String, T> some = new TreeMap<>(all);
        some.keySet().retainAll(names);
        return some;
    }

    private static void requireFew(Set<MachineId> ids) {
        if (ids.size() > IDS_MAX) {
            throw new IllegalArgumentException(
                    "ids: expected at most " + IDS_MAX + ", found " + ids.size());
        }
    }
}
