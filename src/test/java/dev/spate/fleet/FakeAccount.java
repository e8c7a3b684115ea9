package dev.spate.fleet;

import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.Market;
import dev.spate.job.Pool;
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
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The machines of a fake cloud: how they come and go, and how they look to a call. Knows nothing of
 * calls. Its fields are the cloud's to set.
 */
final class FakeAccount {

    final Map<Pool, Integer> capacity = new HashMap<>();
    final Map<Market, Integer> quota = new EnumMap<>(Market.class);
    final Map<MachineId, Failure> refused = new HashMap<>();
    Duration bootMin = Duration.ofSeconds(5);
    Duration bootMax = Duration.ofSeconds(5);
    Duration terminationDelay = Duration.ofSeconds(2);
    Duration lagMax = Duration.ZERO;
    Duration memory = Duration.ofHours(1);
    boolean hasAddressAtOnce;
    boolean isDeaf;
    boolean isSlowToStop;
    boolean isIndiscreet;

    private final List<String> zones = List.of("eu-west-1a", "eu-west-1b");
    private final Map<MachineId, FakeMachine> machines = new LinkedHashMap<>();
    private final Map<LaunchToken, List<FakeMachine>> launches = new HashMap<>();
    private final Map<LaunchToken, String> asked = new HashMap<>();
    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final Consumer<FakeCloudEvent> listener;

    FakeAccount(Scheduler scheduler, RandomGenerator random, Consumer<FakeCloudEvent> listener) {
        this.scheduler = scheduler;
        this.random = random;
        this.listener = listener;
    }

    /** The machines that are not gone, in the order in which they were made. */
    List<Machine> there() {
        long nowNanos = scheduler.nanoTime();
        return machines.values().stream()
                .filter(machine -> machine.isThere(nowNanos))
                .map(machine -> machine.describe(nowNanos, hasAddressAtOnce))
                .toList();
    }

    /** The machines on which something can happen, now or when they have booted. */
    List<Machine> atWork() {
        long nowNanos = scheduler.nanoTime();
        return machines.values().stream()
                .filter(machine -> !machine.stopped.isDone())
                .map(machine -> machine.describe(nowNanos, hasAddressAtOnce))
                .toList();
    }

    /** What a call is shown of some machines. */
    List<Machine> described(Set<MachineId> ids) {
        return seen(machines.values().stream().filter(m -> ids.contains(m.id)));
    }

    /** What a call is shown of all machines that are not gone. */
    List<Machine> listed() {
        return seen(machines.values().stream().filter(this::isShown)).stream()
                .filter(m -> m.state() != Machine.State.GONE)
                .toList();
    }

    private boolean isShown(FakeMachine machine) {
        return machine.token.isPresent() || isIndiscreet;
    }

    FakeMachine machine(MachineId id) {
        return Objects.requireNonNull(machines.get(id), () -> "no machine " + id);
    }

    /** One that no worker asked for; {@code tags} is what it says of itself. */
    MachineId strange(Launch like, Optional<LaunchToken> tags) {
        FakeMachine machine = add(like, 0, roomiest(like.pool()), FakeBoot.STRANGE, tags);
        tell(new FakeCloudEvent.Appeared(scheduler.now(), machine.id, tags.isPresent()));
        return machine.id;
    }

    /** Makes machines, or says what it made under the same token before. */
    Answer<List<Machine>> launch(Launch launch, String userData, boolean isKnown) {
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
        if (!isKnown) {
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

    /** Begins to end machines; tells which it does not. */
    Map<MachineId, Failure> terminate(Set<MachineId> ids) {
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

    /** A machine ends; what runs on it goes on for so long. */
    void end(MachineId id, Failure why, Duration stopsAfter) {
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

    /** From now on the machine ends by itself after that time. */
    void arm(FakeMachine machine, Duration lease) {
        if (machine.leaseEnd != null) {
            machine.leaseEnd.cancel();
        }
        Failure why = new Failure(Failure.Kind.LOST, "machine " + machine.id + ": its lease ended");
        machine.leaseEnd = scheduler.schedule(lease, () -> end(machine.id, why, Duration.ZERO));
    }

    /** Some as a call shows them, which may lag behind. */
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

    private Duration between(Duration min, Duration max) {
        long spanNanos = max.minus(min).toNanos();
        return spanNanos <= 0 ? min : min.plusNanos(random.nextLong(spanNanos));
    }

    private FakeCloudEvent.Violation violation(String what) {
        return new FakeCloudEvent.Violation(scheduler.now(), caller(), what);
    }

    private void tell(FakeCloudEvent event) {
        listener.accept(event);
    }

    private static String caller() {
        return Thread.currentThread().getName();
    }
}
