package dev.spate.engine;

import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.Trace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A message of the jobs topic, decoded. */
public sealed interface Incoming {

    /** Its place in its shard; places ascend, with gaps. */
    long offset();

    /**
     * Somebody wants a job done.
     *
     * @param contentHash of the message without its id, the same for messages that mean the same;
     *     64 hexadecimal digits
     */
    record Submitted(
            long offset,
            Job job,
            String contentHash,
            Trace trace,
            Instant publishedAt,
            RawMessage raw)
            implements Incoming {}

    /** Somebody wants a job not to be done. */
    record Cancelled(long offset, JobId id) implements Incoming {}

    /**
     * Nobody can tell what is wanted.
     *
     * @param id whose message it seems to be, if that much can be read
     * @param kind INVALID; INTERNAL if reading it failed by a mistake of ours
     * @param mistakes what is wrong, each naming field and place; at least one
     */
    record Malformed(
            long offset,
            Optional<JobId> id,
            Failure.Kind kind,
            List<String> mistakes,
            RawMessage raw,
            Trace trace,
            Instant publishedAt)
            implements Incoming {

        public Malformed {
            mistakes = List.copyOf(mistakes);
            if (mistakes.isEmpty()) {
                throw new IllegalArgumentException("mistakes: expected at least one, found none");
            }
        }

        /** All of them in one line. */
        public Failure why() {
            return new Failure(kind, String.join("; ", mistakes));
        }
    }
}
