package dev.spate.simulation;

import dev.spate.fleet.FakeGroundEvent;
import dev.spate.fleet.RunKey;
import java.util.Objects;
import java.util.function.Consumer;

/** No run (job, member, attempt) is started twice, on whatever machines. */
final class StartedOnce extends Check {

    StartedOnce(Facts facts, Consumer<Breach> judge) {
        super(Promise.STARTED_ONCE, facts, judge);
    }

    @Override
    void see(Event event) {
        if (event instanceof Event.OnGround(FakeGroundEvent.Started(_, _, _, RunKey key))) {
            Event first = Objects.requireNonNull(facts.run(key), "just started").started;
            expect(first.equals(event), key + " is started a second time", first, event);
        } else if (event instanceof Event.OnGround(FakeGroundEvent.StartedBefore _)) {
            expect(true, "");
        }
    }
}
