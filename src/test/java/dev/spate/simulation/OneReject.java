package dev.spate.simulation;

import dev.spate.engine.FakeTopicsEvent;
import dev.spate.engine.Incoming;
import dev.spate.engine.Reject;
import dev.spate.job.JobId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bad messages are rejected, once each: those nobody can read, and those that contradict others.
 * One that can be read and asks for what does not exist may be, if that is known when it is
 * claimed; its job has a result that says so in any case.
 */
final class OneReject extends Check {

    private final Map<JobId, String> contents = new HashMap<>();
    private final Map<Place, Event> bad = new LinkedHashMap<>();
    private final Set<Place> impossible = new HashSet<>();
    private final Set<Place> rejected = new HashSet<>();

    private record Place(int shard, long offset) {}

    OneReject(Facts facts, Consumer<Breach> judge) {
        super(Promise.ONE_REJECT, facts, judge);
    }

    @Override
    void see(Event event) {
        if (event
                instanceof
                Event.InTopics(FakeTopicsEvent.Published(_, int shard, Incoming message))) {
            Place place = new Place(shard, message.offset());
            if (isBad(message)) {
                bad.put(place, event);
            } else if (isImpossible(message)) {
                impossible.add(place);
            }
        } else if (event instanceof Event.InTopics(FakeTopicsEvent.Committed committed)) {
            for (Reject reject : committed.commit().rejects()) {
                Place place = new Place(committed.shard(), reject.offset());
                expect(
                        bad.containsKey(place) || impossible.contains(place),
                        place + " was not bad, and is rejected",
                        event);
                expect(rejected.add(place), place + " is rejected twice", event);
            }
        }
    }

    private boolean isBad(Incoming message) {
        return switch (message) {
            case Incoming.Malformed _ -> true;
            case Incoming.Cancelled _ -> false;
            case Incoming.Submitted submitted -> {
                @Nullable String known =
                        contents.putIfAbsent(submitted.job().id(), submitted.contentHash());
                yield known != null && !known.equals(submitted.contentHash());
            }
        };
    }

    private static boolean isImpossible(Incoming message) {
        return message instanceof Incoming.Submitted submitted
                && submitted
                        .job()
                        .machines()
                        .anyMatch(spec -> spec.image().equals(Traffic.NO_IMAGE));
    }

    @Override
    void end() {
        bad.forEach(
                (place, event) ->
                        expect(rejected.contains(place), place + " was not rejected", event));
    }
}
