package dev.spate.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The truth about one shard's jobs, while this worker owns the shard. Safe for any number of
 * threads.
 */
public interface Journal {

    /**
     * For how long what became true says that the shard is this worker's; counted from when its
     * writing began. A dead owner is replaced after a longer time.
     */
    Duration CONFIRMED_FOR = Duration.ofSeconds(10);

    /**
     * Makes a commit true. Commits become true in the order of the calls, several at once where
     * they come close together.
     *
     * <p>Never blocks. The future completes when the commit is true for every reader. It fails with
     * {@link JournalLost} when this worker does not own the shard any more or cannot know whether
     * the commit came true; from then on every call fails, and the shard has to be dropped without
     * touching a machine.
     */
    CompletableFuture<Void> append(Commit commit);

    /**
     * Asks whether the shard is still this worker's: a worker that was stopped for long does not
     * know that it has been replaced. To be called before anything that another owner would suffer
     * from.
     *
     * <p>Never blocks. The future completes when something has become true here that this worker
     * began after the call, or {@link #CONFIRMED_FOR} before it at most: nobody else owned the
     * shard then. It fails with {@link JournalLost} as {@link #append} does.
     */
    CompletableFuture<Void> confirm();

    /** This worker no longer owns the shard, or cannot know whether it does. */
    final class JournalLost extends RuntimeException {
        private static final long serialVersionUID = 1;

        public JournalLost(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
