package dev.spate.engine;

import dev.spate.async.AsyncIterator;
import dev.spate.async.Batch;
import dev.spate.async.Deadline;
import dev.spate.job.JobRecord;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** Where shards come from. One for a worker. */
public interface JobSource {

    /** Begins to take shards. Returns at once; what happens is told to the owner. */
    void start(Owner owner);

    /**
     * The owner has dropped a shard because its journal was lost. If the shard is still this
     * worker's it is opened anew, after a pause, and told as {@link Owner#opened}.
     */
    void dropped(int shard);

    /** How many shards there are, this worker's and others'; empty if that is not known yet. */
    default OptionalInt shardCount() {
        return OptionalInt.empty();
    }

    /**
     * Takes no more shards, gives back those it has as in {@link Owner#revoked}, and leaves. Blocks
     * until the deadline at most.
     */
    void close(Deadline deadline) throws InterruptedException;

    /**
     * Completes when the source has ended: normally after {@link #close}, exceptionally if it
     * failed and the worker must be restarted.
     */
    CompletableFuture<Void> ended();

    /** Who takes care of shards. Calls for one shard come one after the other. */
    interface Owner {

        /**
         * A shard is this worker's: whoever owned it before can no longer change it, and all that
         * they made true is in its records. Called on a virtual thread that may block briefly.
         */
        void opened(Shard shard) throws InterruptedException;

        /**
         * A shard is about to be somebody else's: admit nothing, let what is on its way to the
         * journal arrive, leave the machines alone.
         *
         * @return completes when the shard is at rest; whoever waits for it does so for a few
         *     seconds at most
         */
        CompletableFuture<Void> revoked(int shard);
    }

    /**
     * A shard that this worker owns.
     *
     * @param number the partition of the jobs topic
     * @param epoch tells this owner's time from any other's: higher than that of every owner
     *     before, lower than that of every owner after; at least 0
     * @param records the latest record of every job the shard remembers
     * @param journal where the shard's jobs are recorded
     * @param input the shard's messages, in order, from the first that is not consumed
     */
    record Shard(
            int number,
            long epoch,
            List<JobRecord> records,
            Journal journal,
            AsyncIterator<Batch<Incoming>> input) {
        public Shard {
            if (epoch < 0) {
                throw new IllegalArgumentException("epoch: expected at least 0, found " + epoch);
            }
            records = List.copyOf(records);
        }
    }
}
