package dev.spate.simulation;

import dev.spate.fleet.FakeCloudEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Every machine that a worker asked for has stopped when its lease is over, by whatever means. */
final class WithinLease extends Check {

    private static final Duration GRACE = Duration.ofSeconds(1);

    private Instant latest = Instant.MIN;

    WithinLease(Facts facts, Consumer<Breach> judge) {
        super(Promise.WITHIN_LEASE, facts, judge);
    }

    @Override
    void see(Event event) {
        latest = event.at();
        if (event instanceof Event.InCloud(FakeCloudEvent.Stopped stopped)) {
            Facts.MachineFacts machine = facts.machine(stopped.machine());
            if (!machine.isStrange()) {
                expect(
                        !stopped.at().isAfter(ends(machine)),
                        "machine " + machine.id + " stopped after its lease, " + machine.leaseEnd,
                        event);
            }
        }
    }

    @Override
    void end() {
        for (Facts.MachineFacts machine : facts.machines()) {
            boolean isOver = latest.isAfter(ends(machine));
            if (!machine.isStrange() && !machine.isStopped() && isOver) {
                expect(false, "machine " + machine.id + " outlives its lease");
            }
        }
    }

    private static Instant ends(Facts.MachineFacts machine) {
        return machine.isStrange() ? Instant.MAX : machine.leaseEnd.plus(GRACE);
    }
}
