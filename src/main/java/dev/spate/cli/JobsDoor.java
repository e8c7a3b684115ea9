package dev.spate.cli;

import dev.spate.job.JobId;
import java.time.Instant;

/**
 * Where jobs are handed in, and the wish that one not be done. One thread at a time; a {@link
 * Refusal} says why nobody takes them.
 */
sealed interface JobsDoor extends AutoCloseable permits JobsTopic, ApiDoor {

    /** Hands in a job message. */
    void submit(JobId id, byte[] message) throws InterruptedException;

    /** Asks that a job not be done. */
    void cancel(JobId id) throws InterruptedException;

    /**
     * Blocks until everything is taken, for a quarter of a minute at most.
     *
     * @return when the first of them was taken, as far as that is known; else long ago
     */
    Instant flush() throws InterruptedException;

    @Override
    void close();
}
