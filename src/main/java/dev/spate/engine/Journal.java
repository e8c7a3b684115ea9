package dev.spate.engine;

import java.util.concurrent.CompletableFuture;

/**
 * The truth about one shard's jobs, while this worker owns the shard. Safe for any number of
 * threads.
 */
public interface Journal {

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

    /** This worker no longer owns the shard, or cannot know whether it does. */
    final class JournalLost extends RuntimeException {
        private static final long serialVersionUID = 1;

        public JournalLost(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
