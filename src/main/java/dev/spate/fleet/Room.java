package dev.spate.fleet;

import dev.spate.async.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Tells those who wait for machines that there may be more of them now. Safe for any thread;
 * futures complete on the scheduler's timer thread.
 */
final class Room {

    /** Machines come and go in swarms; each of those who wait plans for all its jobs anew. */
    private static final Duration LINGER = Duration.ofMillis(50);

    private final Scheduler scheduler;
    private CompletableFuture<Void> next = new CompletableFuture<>();
    private boolean isChanging;

    Room(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Completes soon after the next change. */
    synchronized CompletableFuture<Void> whenItChanges() {
        return next;
    }

    /** There may be more room than before. */
    synchronized void changed() {
        if (!isChanging) {
            isChanging = true;
            scheduler.schedule(LINGER, this::tell);
        }
    }

    private void tell() {
        CompletableFuture<Void> told;
        synchronized (this) {
            told = next;
            next = new CompletableFuture<>();
            isChanging = false;
        }
        told.complete(null);
    }
}
