package dev.spate.engine;

import dev.spate.fleet.Plan;
import dev.spate.job.Ending;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import dev.spate.job.JobState;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import dev.spate.job.Seat;
import dev.spate.job.Spent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be written when a batch is claimed. Pure.
 *
 * @param records the first record of each accepted job
 * @param rejects the messages that cannot be carried out
 * @param results the results of those whose job is told apart by its id
 */
record Claim(List<JobRecord> records, List<Reject> rejects, List<JobResult> results) {

    private static final Failure NOT_ASKED =
            new Failure(Failure.Kind.CAPACITY, "it waits for jobs that came before it");

    /**
     * @param plans for accepted jobs; one without a plan waits for machines
     */
    static Claim of(Admission admission, Map<JobId, Plan> plans, Instant now) {
        List<JobRecord> records = new ArrayList<>();
        List<Reject> rejects = new ArrayList<>(admission.rejects());
        List<JobResult> results = new ArrayList<>(admission.results());
        for (Incoming.Submitted job : admission.accepted()) {
            JobId id = job.job().id();
            boolean isCancelled = admission.cancelled().contains(id);
            Optional<Plan> plan = Optional.ofNullable(plans.get(id));
            records.add(first(job, isCancelled, plan, now));
            if (plan.isPresent() && plan.get() instanceof Plan.Never(Failure why)) {
                rejects.add(new Reject(job.offset(), why, job.raw()));
                results.add(Admission.rejected(id, why, job.publishedAt(), job.trace(), now));
            }
        }
        return new Claim(records, rejects, results);
    }

    private static JobRecord first(
            Incoming.Submitted job, boolean isCancelled, Optional<Plan> plan, Instant now) {
        JobRecord waiting =
                new JobRecord(
                        job.job(),
                        job.contentHash(),
                        job.trace(),
                        job.publishedAt(),
                        1,
                        isCancelled,
                        new JobState.Waiting(1, now, NOT_ASKED),
                        Spent.NOTHING,
                        Map.of());
        return plan.map(known -> first(waiting, known, now)).orElse(waiting);
    }

    private static JobRecord first(JobRecord waiting, Plan plan, Instant now) {
        JobState.Waiting state = new JobState.Waiting(1, now, NOT_ASKED);
        return switch (plan) {
            case Plan.Placed(List<Seat> seats, List<Hold> reused) ->
                    waiting.with(Phase.QUEUED, Duration.between(waiting.publishedAt(), now))
                            .with(Spent.NOTHING.plusLaunch())
                            .with(state.launch(seats, reused));
            case Plan.NotNow(Failure why, _) -> waiting.with(new JobState.Waiting(1, now, why));
            case Plan.Never(Failure why) ->
                    waiting.with(
                            state.settle(
                                            Ending.of(Outcome.REJECTED, Optional.of(why)),
                                            now,
                                            List.of())
                                    .release());
        };
    }
}
