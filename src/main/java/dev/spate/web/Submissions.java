package dev.spate.web;

import dev.spate.job.JobId;
import java.util.Optional;

/**
 * Where jobs, and the wish that one not be done, are published. Blocks for seconds at most; safe
 * for any thread.
 */
public interface Submissions {

    /**
     * Publishes a job message, if it is one; gives it an id if it says none.
     *
     * @param message what was sent
     * @param traceParent the trace it belongs to, as the W3C's header tells it
     */
    Answer submit(byte[] message, Optional<String> traceParent) throws InterruptedException;

    /** Publishes that a job is not to be done, whether there is such a job or not. */
    Answer cancel(JobId id) throws InterruptedException;

    /** What became of it. */
    sealed interface Answer {

        /** Kafka has it. */
        record Published(JobId id) implements Answer {}

        /**
         * It is no message that a worker would take.
         *
         * @param why what is wrong with it, and where
         */
        record Refused(String why) implements Answer {}

        /**
         * Kafka could not be reached, or does not take it; perhaps it was published all the same.
         *
         * @param why one line
         */
        record Unreachable(String why) implements Answer {}
    }
}
