package dev.spate.simulation;

import dev.spate.fleet.FakeGroundEvent;
import java.util.function.Consumer;

/** Whoever logs in has seen the host key that was planted on that very machine's launch. */
final class RightMachine extends Check {

    RightMachine(Facts facts, Consumer<Breach> judge) {
        super(Promise.RIGHT_MACHINE, facts, judge);
    }

    @Override
    void see(Event event) {
        if (event instanceof Event.OnGround(FakeGroundEvent.LoggedIn login)) {
            expect(
                    login.machine().equals(login.other()),
                    login.by() + " logs in to " + login.other() + " for " + login.machine(),
                    event);
        }
    }
}
