package dev.spate.simulation;

import dev.spate.engine.FakeTopicsEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** No owner of a shard holds more messages that it has not claimed than its limits let it. */
final class Bounded extends Check {

    private final long unclaimedMax;
    private final Map<Integer, Long> consumedTo = new HashMap<>();

    /**
     * @param unclaimedMax the most messages of a shard that may wait in a worker
     */
    Bounded(long unclaimedMax, Facts facts, Consumer<Breach> judge) {
        super(Promise.BOUNDED, facts, judge);
        this.unclaimedMax = unclaimedMax;
    }

    @Override
    void see(Event event) {
        switch (event) {
            case Event.InTopics(FakeTopicsEvent.Committed committed) -> {
                OptionalLong offset = committed.commit().consumedTo();
                offset.ifPresent(to -> consumedTo.put(committed.shard(), to));
            }
            case Event.InTopics(FakeTopicsEvent.Delivered delivered) -> {
                // One that is fenced does not learn what its successor claims.
                boolean isOwner = delivered.by().equals(facts.owner(delivered.shard()));
                long unclaimed =
                        delivered.offset() + 1 - consumedTo.getOrDefault(delivered.shard(), 0L);
                expect(
                        !isOwner || unclaimed <= unclaimedMax,
                        delivered.by()
                                + " holds "
                                + unclaimed
                                + " messages, and may hold "
                                + unclaimedMax,
                        event);
            }
            case Event.InTopics _,
                    Event.OnGround _,
                    Event.InCloud _,
                    Event.Output _,
                    Event.ToWorker _,
                    Event.Struck _,
                    Event.Cleared _,
                    Event.Ended _ -> {}
        }
    }
}
