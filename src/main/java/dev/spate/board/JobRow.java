package dev.spate.board;

import dev.spate.job.Ending;
import dev.spate.job.Failure;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A job in one line.
 *
 * @param id the job
 * @param profile the profile it was made with
 * @param stage how far it has come
 * @param outcome what became of it, once it is settled
 * @param exitCode of the first member that did not exit with zero, or zero, once it is settled and
 *     if it ran to an end
 * @param attempt the attempt it is in, from 1; for a waiting job, the one to come
 * @param isCancelled whether somebody asked for it not to be done
 * @param publishedAt when Kafka took its message
 * @param updatedAt when its latest record was written
 * @param startedAt when the latest attempt's run began
 * @param settledAt when its result was made
 * @param phases how long each phase of the latest attempt took, as far as it has come
 * @param machines how many machines it is for
 * @param machineTime paid time of all machines of all attempts that have ended
 * @param costUsd what that cost; empty if no price is known
 * @param why what a waiting or retreating job waits for; of a settled one the error
 * @param notBefore when a waiting job is tried next, by the wall clock
 * @param sequence higher with every record of the job
 */
public record JobRow(
        JobId id,
        String profile,
        Stage stage,
        Optional<Outcome> outcome,
        OptionalInt exitCode,
        int attempt,
        boolean isCancelled,
        Instant publishedAt,
        Instant updatedAt,
        Optional<Instant> startedAt,
        Optional<Instant> settledAt,
        Map<Phase, Duration> phases,
        int machines,
        Duration machineTime,
        Optional<BigDecimal> costUsd,
        Optional<Failure> why,
        Optional<Instant> notBefore,
        long sequence) {

    /** The order of lists: by publication, then by id, both descending. */
    public static final Comparator<JobRow> NEWEST_FIRST =
            Comparator.comparing(JobRow::position, Position.NEWEST_FIRST);

    public JobRow {
        phases = phases.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(phases));
    }

    /**
     * The line of a record.
     *
     * @param updatedAt when it was written
     */
    public static JobRow of(JobRecord record, Instant updatedAt) {
        JobState state = record.state();
        Optional<Ending> ending = state.endingIfSettled();
        boolean hasPrice = record.spent().usd().signum() > 0;
        return new JobRow(
                record.id(),
                record.job().profile(),
                Stage.of(state),
                ending.map(Ending::outcome),
                ending.map(Ending::exitCode).orElse(OptionalInt.empty()),
                state.attempt(),
                record.isCancelled(),
                record.publishedAt(),
                updatedAt,
                startedAt(state),
                settledAt(state),
                record.phases(),
                record.job().members().size(),
                record.spent().machineTime(),
                hasPrice ? Optional.of(record.spent().usd()) : Optional.empty(),
                why(state),
                state instanceof JobState.Waiting waiting
                        ? Optional.of(waiting.notBefore())
                        : Optional.empty(),
                record.sequence());
    }

    /** What it waits for, or what went wrong. */
    static Optional<Failure> why(JobState state) {
        return switch (state) {
            case JobState.Waiting waiting -> Optional.of(waiting.why());
            case JobState.Retreating retreating -> Optional.of(retreating.why());
            case JobState.Settled settled -> settled.ending().error();
            case JobState.Released released -> released.ending().error();
            case JobState.Launching _, JobState.Preparing _, JobState.Running _ -> Optional.empty();
        };
    }

    private static Optional<Instant> startedAt(JobState state) {
        return state instanceof JobState.Running running
                ? Optional.of(running.startedAt())
                : state.endingIfSettled().flatMap(Ending::startedAt);
    }

    private static Optional<Instant> settledAt(JobState state) {
        return switch (state) {
            case JobState.Settled settled -> Optional.of(settled.at());
            case JobState.Released released -> Optional.of(released.at());
            case JobState.Waiting _,
                    JobState.Launching _,
                    JobState.Preparing _,
                    JobState.Running _,
                    JobState.Retreating _ ->
                    Optional.empty();
        };
    }

    /** Where it stands in lists. */
    public Position position() {
        return new Position(publishedAt, id);
    }
}
