package dev.spate.engine;

import dev.spate.job.JobId;
import dev.spate.job.Member;
import dev.spate.job.StreamName;
import dev.spate.job.Trace;
import java.util.concurrent.CompletableFuture;

/**
 * Where what runs write is published while they run, for whoever wants to watch.
 *
 * <p>A convenience, never a duty: an implementation that cannot publish loses what it was given,
 * and counts it. Readers see from the offsets that something is missing. The same bytes may be
 * published again, by whoever takes a run over: offset and source tell what they are.
 *
 * <p>Nothing here blocks or throws. Safe for any thread.
 */
public interface OutputLog {

    /** Nobody watches. */
    OutputLog NONE =
            new OutputLog() {
                @Override
                public void publish(Source source, long offset, byte[] bytes) {}

                @Override
                public void capped(Source source, long offset) {}

                @Override
                public CompletableFuture<Void> flush() {
                    return CompletableFuture.completedFuture(null);
                }
            };

    /**
     * One stream of one run.
     *
     * @param shard the shard of its job
     * @param trace the trace context of its job
     */
    record Source(
            int shard, JobId job, Member member, int attempt, StreamName stream, Trace trace) {}

    /**
     * Publishes a piece. Of one source, pieces come in order and without gaps.
     *
     * @param offset of the first byte, from the start of the stream
     * @param bytes handed over: not changed by anybody from now on. None at all says that the
     *     stream ends at the offset
     */
    void publish(Source source, long offset, byte[] bytes);

    /** Says that what the stream has from the offset on will not be published. */
    void capped(Source source, long offset);

    /**
     * Completes, and never fails, when all that was published before this call can be read, or is
     * lost. May take as long as the topic does not answer: wait with a deadline.
     */
    CompletableFuture<Void> flush();
}
