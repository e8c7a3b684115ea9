package dev.spate.simulation;

import dev.spate.fleet.FakeCloud;
import dev.spate.fleet.FakeCloudEvent;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What many seeds came to. Not safe for several threads. */
final class Tally {

    /** So many failing seeds are kept; more would not tell more. */
    private static final int FAILURES_MAX = 10;

    private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    private final Map<Promise, Long> promises = new EnumMap<>(Promise.class);
    private final Map<Promise, Long> broken = new EnumMap<>(Promise.class);
    private final List<Simulation.Outcome> failures = new ArrayList<>();
    private long seeds;
    private long failed;
    private long events;
    private long machines;
    private long unknownLaunches;

    void add(Simulation.Outcome outcome) {
        seeds++;
        outcome.checks().counts().forEach((promise, n) -> promises.merge(promise, n, Long::sum));
        for (Event event : outcome.history().events()) {
            events++;
            switch (event) {
                case Event.Struck struck -> faults.merge(struck.fault(), 1L, Long::sum);
                case Event.InCloud(FakeCloudEvent.Made _) -> machines++;
                case Event.InCloud(FakeCloudEvent.Failed failure) ->
                        unknownLaunches += failure.action() == FakeCloud.Action.LAUNCH ? 1 : 0;
                case Event.InCloud _,
                        Event.InTopics _,
                        Event.OnGround _,
                        Event.Output _,
                        Event.ToWorker _,
                        Event.Cleared _,
                        Event.Ended _ -> {}
            }
        }
        outcome.breaches().forEach(breach -> broken.merge(breach.promise(), 1L, Long::sum));
        if (!outcome.breaches().isEmpty()) {
            failed++;
            if (failures.size() < FAILURES_MAX) {
                failures.add(outcome);
            }
        }
    }

    void add(Tally other) {
        seeds += other.seeds;
        failed += other.failed;
        events += other.events;
        machines += other.machines;
        unknownLaunches += other.unknownLaunches;
        other.faults.forEach((fault, n) -> faults.merge(fault, n, Long::sum));
        other.promises.forEach((promise, n) -> promises.merge(promise, n, Long::sum));
        other.broken.forEach((promise, n) -> broken.merge(promise, n, Long::sum));
        other.failures.stream().limit(FAILURES_MAX - failures.size()).forEach(failures::add);
    }

    long seeds() {
        return seeds;
    }

    long failed() {
        return failed;
    }

    long events() {
        return events;
    }

    long machines() {
        return machines;
    }

    /** How many launch calls had an outcome that nobody was told. */
    long unknownLaunches() {
        return unknownLaunches;
    }

    /** How often a fault has struck. */
    long faults(Fault fault) {
        return faults.getOrDefault(fault, 0L);
    }

    /** How often a promise was at stake. */
    long promises(Promise promise) {
        return promises.getOrDefault(promise, 0L);
    }

    /** How often a promise was broken. */
    long broken(Promise promise) {
        return broken.getOrDefault(promise, 0L);
    }

    /** The first seeds that failed. */
    List<Simulation.Outcome> failures() {
        return List.copyOf(failures);
    }
}
