package dev.spate.simulation;

import dev.spate.engine.FakeTopicsEvent;
import dev.spate.engine.Incoming;
import dev.spate.job.JobId;
import dev.spate.job.JobResult;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Every accepted job has exactly one result, and so has every bad message that names no job. */
final class OneResult extends Check {

    private final Set<JobId> accepted = new LinkedHashSet<>();
    private final Set<JobId> malformed = new LinkedHashSet<>();
    private final Map<JobId, Event> first = new HashMap<>();

    OneResult(Facts facts, Consumer<Breach> judge) {
        super(Promise.ONE_RESULT, facts, judge);
    }

    @Override
    void see(Event event) {
        if (event instanceof Event.InTopics(FakeTopicsEvent.Published(_, _, Incoming message))) {
            switch (message) {
                case Incoming.Submitted submitted -> accepted.add(submitted.job().id());
                case Incoming.Malformed bad -> bad.id().ifPresent(malformed::add);
                case Incoming.Cancelled _ -> {}
            }
        } else if (event instanceof Event.InTopics(FakeTopicsEvent.Committed committed)) {
            for (JobResult result : committed.commit().results()) {
                Event before = first.putIfAbsent(result.id(), event);
                expect(
                        before == null,
                        "job " + result.id() + " has a second result",
                        before == null ? event : before,
                        event);
            }
        }
    }

    @Override
    void end() {
        for (JobId id : accepted) {
            expect(first.containsKey(id), "job " + id + " has no result");
        }
        for (JobId id : malformed) {
            expect(first.containsKey(id), "bad message " + id + " has no result");
        }
    }
}
