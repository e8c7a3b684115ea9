package dev.spate.chaos;

import dev.spate.chaos.Complaint.Wrong;
import dev.spate.chaos.RunLedger.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether runs began and ended as they should, by the ledger they keep themselves and by what the
 * cloud saw of their machines.
 */
final class RunCheck {

    /** The ends of machines that are the cloud's doing; a job on one of them may be run again. */
    private static final Set<String> TAKEN_AWAY =
            Set.of("Server.SpotInstanceTermination", "Server.InternalError");

    private final CloudRecord cloud;
    private final RunLedger ledger;
    private final Instant booted;
    private final List<Complaint> complaints = new ArrayList<>();

    /**
     * @param booted when the host's uptime was 0
     */
    RunCheck(CloudRecord cloud, RunLedger ledger, Instant booted) {
        this.cloud = cloud;
        this.ledger = ledger;
        this.booted = booted;
    }

    /** Complaints about overlapping, restarted and killed runs. */
    List<Complaint> check(List<ChaosJob> jobs) {
        for (ChaosJob job : jobs) {
            List<Run> runs = ledger.of(job.id());
            for (int i = 0; i < runs.size(); i++) {
                for (int j = i + 1; j < runs.size(); j++) {
                    compare(job, runs.get(i), runs.get(j));
                }
                checkEnd(job, runs.get(i));
            }
        }
        return complaints;
    }

    private void compare(ChaosJob job, Run earlier, Run later) {
        boolean isSameAttempt = earlier.attempt() == later.attempt();
        if (isSameAttempt && !earlier.member().equals(later.member())) {
            return;
        }
        if (end(earlier).isAfter(at(later.startSeconds()))) {
            complain(Wrong.OVERLAPPING_RUNS, job, earlier, later);
        }
        boolean hasExcuse =
                ledger.of(job.id()).stream()
                        .filter(run -> run.attempt() == earlier.attempt())
                        .anyMatch(run -> wasTakenAway(run.machine()));
        if (isSameAttempt || !hasExcuse) {
            complain(Wrong.RESTARTED_RUNS, job, earlier, later);
        }
    }

    private void checkEnd(ChaosJob job, Run run) {
        if (run.endSeconds().isEmpty() && !job.mayBeEnded() && !wasTakenAway(run.machine())) {
            complaints.add(
                    new Complaint(
                            Wrong.KILLED_RUNS,
                            "%s (%s) %s, attempt %d on %s, never came to its end"
                                    .formatted(
                                            job.id(),
                                            job.kind(),
                                            run.member(),
                                            run.attempt(),
                                            run.machine())));
        }
    }

    /** When nothing of a run was alive any more, at the latest. */
    private Instant end(Run run) {
        Optional<Instant> off =
                Optional.ofNullable(cloud.machines().get(run.machine()))
                        .flatMap(CloudRecord.Machine::off);
        return run.endSeconds().map(this::at).or(() -> off).orElse(Instant.MAX);
    }

    private Instant at(double uptimeSeconds) {
        return booted.plus(Duration.ofMillis(Math.round(uptimeSeconds * 1_000)));
    }

    private boolean wasTakenAway(String machine) {
        CloudRecord.Machine found = cloud.machines().get(machine);
        // Who is told in time need not wait until it happens.
        return found != null && (found.isNoticed() || TAKEN_AWAY.contains(found.reason()));
    }

    private void complain(Wrong wrong, ChaosJob job, Run earlier, Run later) {
        complaints.add(
                new Complaint(
                        wrong,
                        "%s (%s) %s: attempt %d on %s at %s, then attempt %d on %s at %s"
                                .formatted(
                                        job.id(),
                                        job.kind(),
                                        later.member(),
                                        earlier.attempt(),
                                        earlier.machine(),
                                        at(earlier.startSeconds()),
                                        later.attempt(),
                                        later.machine(),
                                        at(later.startSeconds()))));
    }
}
