package dev.spate.job;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What came of a job: one message of the results topic, and the only one for its job.
 *
 * @param id whose result it is
 * @param attempt the attempt it is the result of; 0 if there was none
 * @param outcome in a word
 * @param exitCode of the first member, roles in order, that is not in the background and did not
 *     exit with zero; else zero if all exited
 * @param error why it is not {@link Outcome#SUCCEEDED}
 * @param members one for each member that had a machine in that attempt
 * @param phases how long each phase took
 * @param machineTime paid time of all machines of all attempts
 * @param costUsd what that cost; empty if no price is known
 * @param publishedAt when Kafka took the job message
 * @param startedAt when the attempt's run began
 * @param settledAt when the result was made
 * @param trace the job message's trace context
 */
public record JobResult(
        JobId id,
        int attempt,
        Outcome outcome,
        OptionalInt exitCode,
        Optional<Failure> error,
        List<MemberResult> members,
        Map<Phase, Duration> phases,
        Duration machineTime,
        Optional<BigDecimal> costUsd,
        Instant publishedAt,
        Optional<Instant> startedAt,
        Instant settledAt,
        Trace trace) {

    public JobResult {
        members = List.copyOf(members);
        phases = phases.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(phases));
        if ((outcome == Outcome.SUCCEEDED) == error.isPresent()) {
            throw new IllegalArgumentException(
                    "error: expected with every outcome but succeeded, found "
                            + outcome
                            + (error.isPresent() ? " with " : " without ")
                            + "an error");
        }
    }
}
