package dev.spate.simulation;

import dev.spate.fleet.FakeGroundEvent;
import dev.spate.fleet.RunKey;
import java.util.function.Consumer;

/** When an attempt's first run starts, the machines of all attempts before have stopped. */
final class OneAttempt extends Check {

    OneAttempt(Facts facts, Consumer<Breach> judge) {
        super(Promise.ONE_ATTEMPT, facts, judge);
    }

    @Override
    void see(Event event) {
        if (event instanceof Event.OnGround(FakeGroundEvent.Started(_, _, _, RunKey key))) {
            for (Facts.RunFacts other : facts.runsOf(key.job())) {
                if (other.key.attempt() != key.attempt()) {
                    expect(
                            other.key.attempt() < key.attempt() && other.machine.isStopped(),
                            key + " starts beside the machine of " + other.key,
                            other.started,
                            event);
                }
            }
        }
    }
}
