package dev.spate.board;

import dev.spate.job.JobId;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * The jobs whose records came last. A job's records come close together, and what the one before
 * told is most of what has to be read of the next.
 *
 * <p>Beside the board's bytes, and little: at most {@link #JOBS_MAX} jobs, whose entries have at
 * most {@link #BYTES_MAX} each, and with their parsed records and the jobs as text about five times
 * that: 2.5 MiB for each partition. For one thread.
 */
final class Recent {

    static final int JOBS_MAX = 64;
    static final int BYTES_MAX = 8 * 1024;

    /** Least recently used first. */
    private final LinkedHashMap<JobId, Latest> jobs =
            new LinkedHashMap<>(JOBS_MAX * 2, 0.75F, true);

    /**
     * What came last of a job.
     *
     * @param entry what the board keeps of it
     */
    record Latest(Trimmed trimmed, Entry entry) {}

    Optional<Latest> get(JobId id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** Remembers what came, unless it is large. */
    void put(Latest latest) {
        JobId id = latest.trimmed().record().id();
        if (latest.entry().record().length > BYTES_MAX) {
            jobs.remove(id);
            return;
        }
        jobs.put(id, latest);
        if (jobs.size() > JOBS_MAX) {
            jobs.pollFirstEntry();
        }
    }

    void remove(JobId id) {
        jobs.remove(id);
    }
}
