package dev.spate.simulation;

import dev.spate.engine.FakeTopicsEvent;
import java.util.function.Consumer;

/** What comes true in a shard was written by whoever opened it last. */
final class OwnersOnly extends Check {

    OwnersOnly(Facts facts, Consumer<Breach> judge) {
        super(Promise.OWNERS_ONLY, facts, judge);
    }

    @Override
    void see(Event event) {
        if (event instanceof Event.InTopics(FakeTopicsEvent.Committed committed)) {
            String owner = facts.owner(committed.shard());
            expect(
                    committed.by().equals(owner),
                    committed.by() + " changes shard " + committed.shard() + " of " + owner,
                    event);
        }
    }
}
