package dev.spate.simulation;

import dev.spate.fleet.FakeCloudEvent;
import dev.spate.job.MachineId;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A machine that is in no journal is there for a while before anybody ends it: who has lost a shard
 * without knowing it sees the machines of the next owner like that. Only orphans are looked at,
 * which nobody but a sweeper has a reason to end.
 */
final class GivenTime extends Check {

    private final Duration timeMin;

    /**
     * @param timeMin between two sightings
     */
    GivenTime(Duration timeMin, Facts facts, Consumer<Breach> judge) {
        super(Promise.GIVEN_TIME, facts, judge);
        this.timeMin = timeMin;
    }

    @Override
    void see(Event event) {
        if (event instanceof Event.InCloud(FakeCloudEvent.TerminationAsked asked)) {
            MachineId id = asked.machine();
            Facts.MachineFacts machine = facts.machine(id);
            if (machine.struck.contains(Fault.ORPHAN)) {
                Duration time = Duration.between(machine.since, asked.at());
                expect(
                        time.compareTo(timeMin) >= 0,
                        "%s ends machine %s, which has been there for %s only"
                                .formatted(asked.by(), id, time),
                        event);
            }
        }
    }
}
