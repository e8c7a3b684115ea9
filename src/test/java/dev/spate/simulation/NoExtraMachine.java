package dev.spate.simulation;

import dev.spate.fleet.FakeCloudEvent;
import dev.spate.job.LaunchToken;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Machines are made for launches in the journal, each seat's once, whatever became of the calls.
 */
final class NoExtraMachine extends Check {

    private final Map<Seat, Event> made = new HashMap<>();

    private record Seat(LaunchToken token, int index) {}

    NoExtraMachine(Facts facts, Consumer<Breach> judge) {
        super(Promise.NO_EXTRA_MACHINE, facts, judge);
    }

    @Override
    void see(Event event) {
        if (event instanceof Event.InCloud(FakeCloudEvent.Made made)) {
            int wanted = facts.wanted(made.token());
            expect(
                    made.index() < wanted,
                    "machine %s is number %d of a launch of %d"
                            .formatted(made.machine(), made.index(), wanted),
                    event);
            Event before = this.made.put(new Seat(made.token(), made.index()), event);
            expect(
                    before == null,
                    "machine " + made.machine() + " has the seat of another",
                    before == null ? event : before,
                    event);
        } else if (event instanceof Event.InCloud(FakeCloudEvent.Violation violation)) {
            expect(false, violation.what(), event);
        }
    }
}
