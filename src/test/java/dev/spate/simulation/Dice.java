package dev.spate.simulation;

import dev.spate.async.FakeScheduler;
import dev.spate.job.MachineId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Decides by the seed when and how often something strikes, and writes down that it has. Nothing
 * strikes any more when the weather is fine.
 */
final class Dice {

    private final FakeScheduler clock;
    private final History history;
    private final Scenario scenario;
    private final SplittableRandom random;
    private boolean isFine;

    Dice(FakeScheduler clock, History history, Scenario scenario, SplittableRandom random) {
        this.clock = clock;
        this.history = history;
        this.scenario = scenario;
        this.random = random;
    }

    boolean isDue(Fault fault) {
        return !isFine && scenario.faults().contains(fault) && random.nextInt(3) == 0;
    }

    void sometimes(int max, Runnable what) {
        int times = 1 + random.nextInt(max);
        for (int i = 0; i < times; i++) {
            after((int) scenario.storm().toMillis(), what);
        }
    }

    void repeatedly(Runnable what) {
        for (int i = 0; i <= random.nextInt(3); i++) {
            after(40_000, what);
        }
    }

    /** Does something within that time, unless the weather is fine by then. */
    void after(int millisMax, Runnable what) {
        clock.schedule(
                Duration.ofMillis(millis(millisMax)),
                () -> {
                    if (!isFine) {
                        what.run();
                    }
                });
    }

    int millis(int max) {
        return random.nextInt(max);
    }

    double chance() {
        return random.nextDouble();
    }

    Instant now() {
        return clock.now();
    }

    void struck(Fault fault, String what) {
        history.add(new Event.Struck(now(), fault, Optional.empty(), what));
    }

    void struck(Fault fault, MachineId machine, String what) {
        history.add(new Event.Struck(now(), fault, Optional.of(machine), what));
    }

    SplittableRandom random() {
        return random;
    }

    boolean isFine() {
        return isFine;
    }

    /** From now on the weather is fine. */
    void clear() {
        isFine = true;
        history.add(new Event.Cleared(now()));
    }
}
