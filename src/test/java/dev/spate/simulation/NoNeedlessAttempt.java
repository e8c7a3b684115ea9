package dev.spate.simulation;

import dev.spate.engine.FakeTopicsEvent;
import dev.spate.fleet.RunStatus;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import dev.spate.job.LaunchToken;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Whenever an attempt is given up, something has happened to its machines or in its own scripts:
 * that a worker, a broker or a connection to them dies is no reason.
 */
final class NoNeedlessAttempt extends Check {

    /** What a job was to be served with last. */
    private final Map<JobId, Set<LaunchToken>> launches = new HashMap<>();

    NoNeedlessAttempt(Facts facts, Consumer<Breach> judge) {
        super(Promise.NO_NEEDLESS_ATTEMPT, facts, judge);
    }

    @Override
    void see(Event event) {
        if (event instanceof Event.InTopics(FakeTopicsEvent.Committed committed)) {
            for (JobRecord record : committed.commit().records()) {
                if (record.state() instanceof JobState.Launching launching) {
                    launches.put(
                            record.id(),
                            launching.seats().stream()
                                    .map(seat -> seat.launch().token())
                                    .collect(Collectors.toSet()));
                }
                if (record.state() instanceof JobState.Retreating retreating
                        && !record.isCancelled()) {
                    expect(
                            hasReason(record, retreating),
                            "job %s gives up attempt %d for no reason: %s"
                                    .formatted(record.id(), retreating.attempt(), retreating.why()),
                            event);
                }
            }
        }
    }

    private boolean hasReason(JobRecord record, JobState.Retreating retreating) {
        Failure.Kind kind = retreating.why().kind();
        return switch (kind) {
            case JOB -> Reasons.hasFailed(record.job()) || hasEnded(record, retreating);
            case TIMEOUT -> hasEnded(record, retreating);
            case CAPACITY, QUOTA, THROTTLED -> facts.hasStruck(Fault.Scope.CLOUD);
            case INFRASTRUCTURE ->
                    // Who was stopped for as long as a machine may take to boot cannot tell whose
                    // fault it was.
                    facts.hasStruck(Fault.WORKER_PAUSED_LONG)
                            || hasTrouble(record.id(), retreating);
            case LOST, SECURITY -> hasTrouble(record.id(), retreating);
            case INVALID, CANCELLED, INTERNAL -> false;
        };
    }

    private boolean hasTrouble(JobId job, JobState.Retreating retreating) {
        Set<LaunchToken> asked = launches.getOrDefault(job, Set.of());
        return facts.hasStruck(Fault.Scope.CLOUD)
                // One that was dead when it came is not in the record any more.
                || facts.machines().stream()
                        .filter(machine -> machine.isOf(asked))
                        .anyMatch(this::hasTrouble)
                || retreating.machines().stream()
                        .map(Hold::machine)
                        .map(facts::machine)
                        .anyMatch(this::hasTrouble);
    }

    private boolean hasTrouble(Facts.MachineFacts machine) {
        // Only a worker that was away for long may be too late to extend a lease.
        boolean isLate =
                facts.hasStruck(Fault.Scope.WORKER) || facts.hasStruck(Fault.Scope.BROKERS);
        return !machine.struck.isEmpty() || (machine.isStopped() && isLate);
    }

    /** Whether a run of the attempt has ended badly by itself. */
    private boolean hasEnded(JobRecord record, JobState.Retreating retreating) {
        return facts.runsOf(record.id()).stream()
                .filter(run -> run.key.attempt() == retreating.attempt())
                .anyMatch(
                        run ->
                                run.ended instanceof RunStatus.TimedOut
                                        || (run.ended instanceof RunStatus.Exited(int code)
                                                && code != 0));
    }
}
