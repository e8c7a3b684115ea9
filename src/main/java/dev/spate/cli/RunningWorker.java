package dev.spate.cli;

import dev.spate.web.WebServer;
import java.util.concurrent.CompletableFuture;

/**
 * A worker in this process.
 *
 * @param web where it answers HTTP
 * @param health how it is
 * @param ended completes exceptionally if it failed and must be started anew
 * @param parts closed in order: shards are given back, machines are left alone
 */
record RunningWorker(
        WebServer web, WorkerHealth health, CompletableFuture<Void> ended, Closing parts)
        implements AutoCloseable {

    /** Blocks for up to about fifteen seconds. */
    @Override
    public void close() {
        parts.close();
    }
}
