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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

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
    private final FakeFaults faults;

    private final FakeAccount account;
    private final Map<Action, Integer> calls = new EnumMap<>(Action.class);
    private final List<FakeCloudEvent> log = new ArrayList<>();
    private final List<Consumer<FakeCloudEvent>> listeners = new ArrayList<>();
    private final Map<MachineId, String> consoles = new HashMap<>();
    private final Map<String, String> images = new TreeMap<>();
    private final Map<String, Catalog.MachineType> types = new TreeMap<>();

    private String region = "eu-west-1";
    private Duration latency = Duration.ofMillis(20);

    /** A cloud with no machines. */
    public FakeCloud(Scheduler scheduler, RandomGenerator random) {
        this.scheduler = scheduler;
        this.faults = new FakeFaults(random);
        this.account = new FakeAccount(scheduler, random, this::tell);
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
        account.bootMin = min;
        account.bootMax = max;
        return this;
    }

    /** Sets how long machines take to end. */
    public FakeCloud terminationDelay(Duration time) {
        account.terminationDelay = time;
        return this;
    }

    /** Sets how far behind reads may be; each is a random part of it behind. */
    public FakeCloud lag(Duration max) {
        account.lagMax = max;
        return this;
    }

    /** Sets how long the cloud knows machines that are gone. */
    public FakeCloud memory(Duration time) {
        account.memory = time;
        return this;
    }

    /** Sets whether machines have their address before they run, as private addresses are. */
    public FakeCloud addressAtOnce(boolean isSo) {
        account.hasAddressAtOnce = isSo;
        return this;
    }

    /** Sets how many machines a pool has, those in use included. The zone must be given. */
    public FakeCloud capacity(Pool pool, int count) {
        account.capacity.put(pool, count);
        return this;
    }

    /** Sets how many machines of a market the account may have at a time. */
    public FakeCloud quota(Market market, int count) {
        account.quota.put(market, count);
        return this;
    }

    /** Sets what the console of a machine says. */
    public FakeCloud console(MachineId id, String text) {
        consoles.put(id, text);
        return this;
    }

    /** Sets that a machine cannot be ended. */
    public FakeCloud refuseToEnd(MachineId id, Failure why) {
        account.refused.put(id, why);
        return this;
    }

    /** Sets that a machine can be ended again. */
    public FakeCloud letEnd(MachineId id) {
        account.refused.remove(id);
        return this;
    }

    /** Sets whether it answers terminate calls as done without doing anything. */
    public FakeCloud deaf(boolean isSo) {
        account.isDeaf = isSo;
        return this;
    }

    /** Sets whether what runs on a machine that is told to end goes on for a part of its end. */
    public FakeCloud slowToStop(boolean isSo) {
        account.isSlowToStop = isSo;
        return this;
    }

    /** Sets whether lists show the machines of other groups too: what nobody has asked for. */
    public FakeCloud indiscreet(boolean isSo) {
        account.isIndiscreet = isSo;
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
        account.end(
                id, new Failure(Failure.Kind.LOST, "machine " + id + ": it died"), Duration.ZERO);
    }

    /** For a while nobody who looks at the machine finds it, though it is there. */
    public void deny(MachineId id, Duration time) {
        account.machine(id).deny(scheduler.nanoTime() + time.toNanos());
    }

    /**
     * A machine in the account that no worker asked for.
     *
     * @param tags what it says of itself; empty if it is another group's, or nobody's
     */
    public MachineId strange(Launch like, Optional<LaunchToken> tags) {
        return account.strange(like, tags);
    }

    /** A machine ends for a reason of the cloud's. */
    public void kill(MachineId id, Failure why) {
        account.end(id, why, Duration.ZERO);
    }

    /** A spot machine is taken away. */
    public void interrupt(MachineId id) {
        account.end(
                id,
                new Failure(Failure.Kind.LOST, "machine " + id + ": spot interruption"),
                Duration.ZERO);
    }

    /** Somebody on the machine moves its lease: it ends by itself after this. */
    public void extendLease(MachineId id, Duration lease) {
        FakeMachine machine = account.machine(id);
        if (!machine.isEnding()) {
            account.arm(machine, lease);
        }
    }

    // What can be known of it without a call.

    /** Whether something can run on the machine at this moment. */
    public boolean isUp(MachineId id) {
        return account.machine(id).isWorking(scheduler.nanoTime());
    }

    /** Whether the machine is not on its way out. */
    public boolean isThere(MachineId id) {
        return !account.machine(id).isEnding();
    }

    /** Whether two machines came from one launch, and have the same keys. */
    public boolean isOfOneLaunch(MachineId a, MachineId b) {
        return account.machine(a).token.equals(account.machine(b).token);
    }

    /** What was planted on a machine at its first boot. */
    FakeBoot boot(MachineId id) {
        return account.machine(id).boot;
    }

    /** Completes when nothing runs on the machine any more. */
    public CompletableFuture<Void> whenStopped(MachineId id) {
        return account.machine(id).stopped.copy();
    }

    /** The machines that are not gone, in the order in which they were made. */
    public List<Machine> there() {
        return account.there();
    }

    /** The machines on which something can happen, now or when they have booted. */
    public List<Machine> machinesAtWork() {
        return account.atWork();
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
        return call(
                Action.LAUNCH, deadline, () -> account.launch(launch, userData, isKnown(launch)));
    }

    @Override
    public Answer<List<Machine>> describe(Set<MachineId> ids, Deadline deadline)
            throws InterruptedException {
        requireFew(ids);
        return call(Action.DESCRIBE, deadline, () -> Answer.ok(account.described(ids)));
    }

    @Override
    public Answer<List<Machine>> list(Deadline deadline) throws InterruptedException {
        return call(Action.LIST, deadline, () -> Answer.ok(account.listed()));
    }

    @Override
    public Answer<Map<MachineId, Failure>> terminate(Set<MachineId> ids, Deadline deadline)
            throws InterruptedException {
        requireFew(ids);
        return call(Action.TERMINATE, deadline, () -> Answer.ok(account.terminate(ids)));
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

    private boolean isKnown(Launch launch) {
        return images.containsValue(launch.imageId()) && types.containsKey(launch.pool().type());
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

    private Duration shorter(Duration time, Deadline deadline) {
        Duration remaining = deadline.remaining(scheduler);
        return time.compareTo(remaining) < 0 ? time : remaining;
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
