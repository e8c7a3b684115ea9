package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Waiting for what fails only by a bug, or because the journal is lost. */
final class Blocking {

    private Blocking() {}

    /**
     * Waits for as long as it takes.
     *
     * @return the future's value; what it fails with is thrown as it is, for nobody expected it
     * @throws InterruptedException if this thread is interrupted, or what it waits for is
     *     cancelled: then nobody will ever answer, and the caller has to look anew at what is to be
     *     done
     */
    static <T> T on(Scheduler scheduler, CompletableFuture<T> future) throws InterruptedException {
        try {
            return on(scheduler, future, Deadline.NEVER);
        } catch (TimeoutException impossible) {
            throw new IllegalStateException("never is never over", impossible);
        }
    }

    /** As {@link #on(Scheduler, CompletableFuture)}, until the deadline. */
    static <T> T on(Scheduler scheduler, CompletableFuture<T> future, Deadline deadline)
            throws InterruptedException, TimeoutException {
        try {
            return scheduler.await(future, deadline);
        } catch (CancellationException cancelled) {
            throw interruption(cancelled);
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case CancellationException cancelled -> throw interruption(cancelled);
                case InterruptedException interrupted -> throw interruption(interrupted);
                case RuntimeException bug -> throw bug;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(failed.getCause());
            }
        }
    }

    private static InterruptedException interruption(Exception cause) {
        InterruptedException interruption =
                new InterruptedException("what was waited for is cancelled");
        interruption.initCause(cause);
        return interruption;
    }
}
