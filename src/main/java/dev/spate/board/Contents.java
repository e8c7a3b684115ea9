package dev.spate.board;

import dev.spate.job.JobId;
import java.time.Duration;
import java.util.Optional;

/** What one worker's board has. Answers from memory. */
public interface Contents {

    /** The jobs that a filter lets through, newest first. */
    Listing jobs(JobFilter filter);

    /** All about one job, if it is known here. */
    Optional<JobPage> job(JobId id);

    /**
     * What was done lately, in windows without gaps, oldest first; the last one has only begun.
     *
     * @param since from how long ago; what is longer ago than statistics are kept counts as nothing
     * @param step the length of a window, a whole number of minutes
     */
    Statistics statistics(Duration since, Duration step);
}
