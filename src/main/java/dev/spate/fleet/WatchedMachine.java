package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.MachineId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A machine that is looked at: what was seen of it, who waits for what, and when to look again. Not
 * safe for several threads: {@link MachineWatch} guards it.
 */
final class WatchedMachine {

    /** What is awaited is looked for in steps of this share of the time it has been awaited. */
    private static final int STEPS_OF_AGE = 10;

    /** Denials count as one if they were not further apart than this share of the grace. */
    private static final int LOOKS_IN_GRACE = 2;

    private final MachineId id;
    private final FleetSettings settings;
    private final Scheduler scheduler;
    private final List<Expectation> expectations = new ArrayList<>();
    private @Nullable Machine latest;
    private @Nullable Deadline deniedUntil;
    private long deniedAtNanos;
    private long dueNanos;
    private long soonSinceNanos;

    private record Expectation(
            Predicate<Machine> test, boolean isSoon, CompletableFuture<Machine> future) {}

    /** A machine nobody has seen yet; it is due at once. */
    WatchedMachine(MachineId id, FleetSettings settings, Scheduler scheduler) {
        this.id = id;
        this.settings = settings;
        this.scheduler = scheduler;
        this.dueNanos = scheduler.nanoTime();
    }

    MachineId id() {
        return id;
    }

    Optional<Machine> latest() {
        return Optional.ofNullable(latest);
    }

    Machine.State state() {
        return latest == null ? Machine.State.PENDING : latest.state();
    }

    /** When to look at it, on the scheduler's monotonic scale. */
    long dueNanos() {
        return dueNanos;
    }

    /** Whether it may as well be looked at now, when a call is made for others. */
    boolean isAlmostDue() {
        return dueNanos - scheduler.nanoTime() < interval().toNanos() / 2;
    }

    /** Somebody waits for the machine to look as wanted. */
    void expect(Predicate<Machine> test, boolean isSoon, CompletableFuture<Machine> future) {
        if (isSoon && !isExpectedSoon()) {
            soonSinceNanos = scheduler.nanoTime();
            long soonNanos = soonSinceNanos + settings.pollPending().toNanos();
            dueNanos = dueNanos - soonNanos < 0 ? dueNanos : soonNanos;
        }
        expectations.add(new Expectation(test, isSoon, future));
    }

    /** Drops the expectations nobody waits for any more. */
    void prune() {
        expectations.removeIf(expectation -> expectation.future().isDone());
    }

    /** Ends all expectations. */
    List<CompletableFuture<Machine>> abandon() {
        List<CompletableFuture<Machine>> all =
                expectations.stream().map(Expectation::future).toList();
        expectations.clear();
        return all;
    }

    /**
     * The cloud described it. A description older than the last one is ignored: EC2's reads lag
     * behind its writes, and behind each other.
     *
     * @return whether its state is another than before
     */
    boolean saw(Machine machine) {
        deniedUntil = null;
        dueNanos = scheduler.nanoTime() + interval().toNanos();
        Machine before = latest;
        if (before != null && isOlder(machine, before)) {
            return false;
        }
        latest = machine;
        return before == null || before.state() != machine.state();
    }

    /**
     * The cloud denies it.
     *
     * @return whether it has done so for so long that it must be true
     */
    boolean denied() {
        dueNanos = scheduler.nanoTime() + interval().toNanos();
        Duration sinceLast = Duration.ofNanos(scheduler.nanoTime() - deniedAtNanos);
        deniedAtNanos = scheduler.nanoTime();
        // While nobody looked, because this worker or the cloud was stopped, nothing was denied.
        if (deniedUntil == null || sinceLast.compareTo(lookMax()) > 0) {
            deniedUntil = Deadline.after(scheduler, settings.notFoundGrace());
            return false;
        }
        return deniedUntil.hasPassed(scheduler);
    }

    /** How far apart looks are at most, as long as somebody looks. */
    private Duration lookMax() {
        Duration share = settings.notFoundGrace().dividedBy(LOOKS_IN_GRACE);
        Duration usual = settings.pollRunning().multipliedBy(2);
        return share.compareTo(usual) > 0 ? share : usual;
    }

    /** Takes those out who have what they wait for. */
    List<CompletableFuture<Machine>> met() {
        Machine seen = latest;
        if (seen == null) {
            return List.of();
        }
        List<CompletableFuture<Machine>> met = new ArrayList<>();
        expectations.removeIf(
                expectation -> {
                    boolean isMet = isMet(seen, expectation.test());
                    if (isMet) {
                        met.add(expectation.future());
                    }
                    return isMet;
                });
        return met;
    }

    /** Whether the machine looks as wanted, or is gone, after which it never will. */
    static boolean isMet(Machine machine, Predicate<Machine> test) {
        return machine.state() == Machine.State.GONE || test.test(machine);
    }

    private static boolean isOlder(Machine machine, Machine before) {
        int progress = machine.state().compareTo(before.state());
        return progress < 0
                || (progress == 0 && before.address().isPresent() && machine.address().isEmpty());
    }

    private boolean isExpectedSoon() {
        return expectations.stream()
                .anyMatch(expectation -> expectation.isSoon() && !expectation.future().isDone());
    }

    /** Often at first, then ever less often: what has taken a minute can take six seconds more. */
    private Duration interval() {
        if (!isExpectedSoon()) {
            return settings.pollRunning();
        }
        Duration step = Duration.ofNanos((scheduler.nanoTime() - soonSinceNanos) / STEPS_OF_AGE);
        if (step.compareTo(settings.pollPending()) < 0) {
            return settings.pollPending();
        }
        return step.compareTo(settings.pollRunning()) > 0 ? settings.pollRunning() : step;
    }
}
