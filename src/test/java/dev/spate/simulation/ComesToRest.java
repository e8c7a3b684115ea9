package dev.spate.simulation;

import java.util.function.Consumer;

/**
 * When the weather has been fine for long, no job is unfinished, and no thread or timer is left.
 */
final class ComesToRest extends Check {

    ComesToRest(Facts facts, Consumer<Breach> judge) {
        super(Promise.COMES_TO_REST, facts, judge);
    }

    @Override
    void see(Event event) {
        if (event instanceof Event.Ended ended) {
            expect(ended.unfinished().isEmpty(), "not at rest: " + ended.unfinished(), event);
        }
    }
}
