package dev.spate.simulation;

import dev.spate.fleet.FakeGroundEvent;
import dev.spate.job.JobId;
import dev.spate.job.MachineId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** For each job, the epochs of those for whom a machine acts never go back. */
final class StaleRefused extends Check {

    private final Map<Place, Event> latest = new HashMap<>();

    private record Place(MachineId machine, JobId job) {}

    StaleRefused(Facts facts, Consumer<Breach> judge) {
        super(Promise.STALE_REFUSED, facts, judge);
    }

    @Override
    void see(Event event) {
        if (event instanceof Event.OnGround(FakeGroundEvent.Served served)) {
            Place place = new Place(served.machine(), served.job());
            Event before = latest.getOrDefault(place, event);
            latest.put(place, event);
            expect(
                    before instanceof Event.OnGround(FakeGroundEvent.Served last)
                            && last.epoch() <= served.epoch(),
                    "%s acts for %s in %s, of which it has seen a later owner"
                            .formatted(served.machine(), served.by(), served.job()),
                    before,
                    event);
        }
    }
}
