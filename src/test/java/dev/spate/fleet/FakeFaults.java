package dev.spate.fleet;

import dev.spate.job.Failure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What is wrong with the calls to a {@link FakeCloud}. Reached by {@link FakeCloud#faults}. */
public final class FakeFaults {

    /** Whether what was asked for happens all the same. */
    public enum Effect {
        /** Nothing happens. */
        NONE,
        /** It happens, and the reply is lost. */
        HAPPENS
    }

    /** One call's fault. */
    sealed interface Fault {
        /** It answers with a failure. */
        record Fails(Failure why, Effect effect) implements Fault {}

        /** It throws, as only an adapter with a bug does. */
        record Throws(RuntimeException bug) implements Fault {}

        /** It takes this much longer. */
        record Slow(Duration by) implements Fault {}
    }

    private static final int SLOW_MAX_MILLIS = 15_000;

    private final RandomGenerator random;
    private final Map<FakeCloud.Action, Queue<Fault>> next = new EnumMap<>(FakeCloud.Action.class);
    private final Map<FakeCloud.Action, Fault> always = new EnumMap<>(FakeCloud.Action.class);
    private final Map<FakeCloud.Action, Rates> rates = new EnumMap<>(FakeCloud.Action.class);
    private double failureRate;

    private record Rates(double failures, double delays) {}

    FakeFaults(RandomGenerator random) {
        this.random = random;
    }

    /** The next so many calls fail. */
    public void failNext(FakeCloud.Action action, int calls, Failure why, Effect effect) {
        for (int i = 0; i < calls; i++) {
            add(action, new Fault.Fails(why, effect));
        }
    }

    /** The next call throws. */
    public void throwNext(FakeCloud.Action action, RuntimeException bug) {
        add(action, new Fault.Throws(bug));
    }

    /** The next call takes longer by so much; beyond its deadline it fails, but happens. */
    public void slowNext(FakeCloud.Action action, Duration by) {
        add(action, new Fault.Slow(by));
    }

    /** All calls fail, until {@link #heal}. */
    public void failAlways(FakeCloud.Action action, Failure why, Effect effect) {
        always.put(action, new Fault.Fails(why, effect));
    }

    /** Calls of one action may fail or be slow, each with its probability. */
    public void rate(FakeCloud.Action action, double failures, double delays) {
        rates.put(action, new Rates(failures, delays));
    }

    /** Any call may fail with this probability, one half of them after taking effect. */
    public void failAtRandom(double rate) {
        failureRate = rate;
    }

    /** Everything works again. */
    public void heal() {
        next.clear();
        always.clear();
        rates.clear();
        failureRate = 0;
    }

    Optional<Fault> of(FakeCloud.Action action) {
        @Nullable Queue<Fault> queue = next.get(action);
        @Nullable Fault first = queue == null ? null : queue.poll();
        if (first == null) {
            first = always.get(action);
        }
        if (first == null && failureRate > 0 && random.nextDouble() < failureRate) {
            first = badLuck();
        }
        @Nullable Rates odds = rates.get(action);
        if (first == null && odds != null) {
            double lot = random.nextDouble();
            if (lot < odds.failures) {
                first = badLuck();
            } else if (lot < odds.failures + odds.delays) {
                first = new Fault.Slow(Duration.ofMillis(random.nextInt(SLOW_MAX_MILLIS)));
            }
        }
        return Optional.ofNullable(first);
    }

    private Fault badLuck() {
        return new Fault.Fails(
                new Failure(
                        random.nextBoolean() ? Failure.Kind.THROTTLED : Failure.Kind.INFRASTRUCTURE,
                        "bad luck"),
                random.nextBoolean() ? Effect.HAPPENS : Effect.NONE);
    }

    private void add(FakeCloud.Action action, Fault fault) {
        next.computeIfAbsent(action, _ -> new ArrayDeque<>()).add(fault);
    }
}
