package dev.spate.engine;

import dev.spate.async.Batch;
import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobResult;
import dev.spate.job.Phase;
import java.time.Duration;

/**
 * What happens to jobs and shards, for whoever counts it. Implementations are quick, never block
 * and never throw; safe for any thread.
 */
public interface EngineEvents {

    /** Nobody counts. */
    EngineEvents NONE = new EngineEvents() {};

    /** Tells two. */
    static EngineEvents both(EngineEvents one, EngineEvents other) {
        return new BothEvents(one, other);
    }

    /** A batch of messages was taken up. */
    default void batch(int size, Batch.Cut cut) {}

    /** A job was accepted. */
    default void received() {}

    /** A message said again what another had said. */
    default void duplicate() {}

    /** A message was rejected. */
    default void rejected(Failure.Kind reason) {}

    /**
     * An attempt began: {@code reason} is {@code first}, or the kind of failure that made it
     * necessary.
     */
    default void attempt(String reason) {}

    /** A phase of a job is over. */
    default void phase(Phase phase, Duration took) {}

    /** A job has its result. */
    default void settled(Job job, JobResult result) {}

    /** A running job was taken over from another worker. */
    default void adopted() {}

    /** Output of a job was published. */
    default void logged(long bytes) {}

    /** Output of a job could not be published, and is lost for those who watch. */
    default void logDropped(long bytes) {}

    /** A shard was dropped because its journal was lost. */
    default void fenced() {}
}
