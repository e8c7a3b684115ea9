package dev.spate.simulation;

import dev.spate.engine.FakeTopicsEvent;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A job's records: one after the other, along legal transitions, attempts never going back. */
final class LegalJournal extends Check {

    private final Map<JobId, JobRecord> latest = new HashMap<>();
    private final Map<JobId, Event> events = new HashMap<>();

    LegalJournal(Facts facts, Consumer<Breach> judge) {
        super(Promise.LEGAL_JOURNAL, facts, judge);
    }

    @Override
    void see(Event event) {
        if (event instanceof Event.InTopics(FakeTopicsEvent.Committed committed)) {
            for (JobRecord record : committed.commit().records()) {
                @Nullable JobRecord before = latest.put(record.id(), record);
                Event beforeEvent = events.getOrDefault(record.id(), event);
                events.put(record.id(), event);
                expect(
                        before == null ? record.sequence() == 1 : follows(before, record),
                        "job %s: %s comes after %s"
                                .formatted(
                                        record.id(),
                                        word(record),
                                        before == null ? "nothing" : word(before)),
                        beforeEvent,
                        event);
            }
        }
    }

    private static boolean follows(JobRecord before, JobRecord after) {
        return after.sequence() == before.sequence() + 1
                && (after.isCancelled() || !before.isCancelled())
                && isLegal(before, after)
                && isAttemptLegal(before.state(), after.state());
    }

    private static boolean isLegal(JobRecord before, JobRecord after) {
        boolean isSame =
                before.state().equals(after.state())
                        && after.isCancelled()
                        && !before.isCancelled();
        return isSame
                || switch (before.state()) {
                    case JobState.Waiting _ ->
                            after.state() instanceof JobState.Launching
                                    || after.state() instanceof JobState.Settled;
                    case JobState.Launching _ ->
                            after.state() instanceof JobState.Preparing
                                    || after.state() instanceof JobState.Waiting
                                    || after.state() instanceof JobState.Retreating
                                    || after.state() instanceof JobState.Settled;
                    case JobState.Preparing _ ->
                            after.state() instanceof JobState.Running
                                    || after.state() instanceof JobState.Retreating
                                    || after.state() instanceof JobState.Settled;
                    case JobState.Running _ ->
                            after.state() instanceof JobState.Retreating
                                    || after.state() instanceof JobState.Settled;
                    case JobState.Retreating _ ->
                            after.state() instanceof JobState.Waiting
                                    || after.state() instanceof JobState.Settled;
                    case JobState.Settled settled -> after.state().equals(settled.release());
                    case JobState.Released _ -> false;
                };
    }

    private static boolean isAttemptLegal(JobState before, JobState after) {
        int next =
                before instanceof JobState.Retreating(_, _, _, int nextAttempt)
                                && after instanceof JobState.Waiting
                        ? nextAttempt
                        : before.attempt();
        return after.attempt() == next;
    }

    private static String word(JobRecord record) {
        return "#%d %s/%d"
                .formatted(record.sequence(), record.state().word(), record.state().attempt());
    }
}
