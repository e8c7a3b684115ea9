package dev.spate.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * All that is known of a job: one record of the journal.
 *
 * @param job what was asked for
 * @param contentHash of the message it came with; tells a repetition from a contradiction
 * @param trace the trace context of that message
 * @param publishedAt when Kafka took the message
 * @param sequence 1 for the job's first record, and one more for each that follows; readers keep
 *     the highest
 * @param isCancelled whether somebody asked for it not to be done
 * @param state how far it has come
 * @param spent what it has used up
 * @param phases how long each phase of the present attempt took, as far as it has come
 */
public record JobRecord(
        Job job,
        String contentHash,
        Trace trace,
        Instant publishedAt,
        long sequence,
        boolean isCancelled,
        JobState state,
        Spent spent,
        Map<Phase, Duration> phases) {

    public JobRecord {
        phases = phases.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(phases));
        if (sequence < 1) {
            throw new IllegalArgumentException("sequence: expected at least 1, found " + sequence);
        }
    }

    public JobId id() {
        return job.id();
    }

    /** The next record: the job has come further. */
    public JobRecord to(JobState next) {
        return new JobRecord(
                job,
                contentHash,
                trace,
                publishedAt,
                sequence + 1,
                isCancelled,
                next,
                spent,
                phases);
    }

    /** The next record: somebody asked for the job not to be done. */
    public JobRecord cancelled() {
        return new JobRecord(
                job, contentHash, trace, publishedAt, sequence + 1, true, state, spent, phases);
    }

    /**
     * The same record in another state; not a record of its own, and so only for one that is not
     * written yet.
     */
    public JobRecord with(JobState other) {
        return new JobRecord(
                job, contentHash, trace, publishedAt, sequence, isCancelled, other, spent, phases);
    }

    /** The same record with more spent; not a record of its own. */
    public JobRecord with(Spent more) {
        return new JobRecord(
                job, contentHash, trace, publishedAt, sequence, isCancelled, state, more, phases);
    }

    /**
     * The same record with a phase's duration set; not a record of its own. Negative durations
     * count as zero.
     */
    public JobRecord with(Phase phase, Duration duration) {
        Map<Phase, Duration> more = new EnumMap<>(Phase.class);
        more.putAll(phases);
        more.put(phase, duration.isNegative() ? Duration.ZERO : duration);
        return new JobRecord(
                job, contentHash, trace, publishedAt, sequence, isCancelled, state, spent, more);
    }
}
