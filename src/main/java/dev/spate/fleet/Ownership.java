package dev.spate.fleet;

import dev.spate.job.JobRecord;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/**
 * A shard of this worker's, as the fleet asks about it before it does anything that another owner
 * would suffer from. Safe for any thread; never blocks.
 */
public interface Ownership {

    /**
     * Completes if the shard is still this worker's, or was a few seconds ago. Fails if it is not;
     * whoever gave this interface away knows then, too.
     */
    CompletableFuture<Void> confirm();

    /** Tells this owner from any other: higher than those before, lower than those after. */
    long epoch();

    /** The latest record of every job of the shard that is not released yet. */
    Collection<JobRecord> jobs();
}
