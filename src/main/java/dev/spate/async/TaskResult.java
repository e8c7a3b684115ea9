package dev.spate.async;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * What becomes of a task. To cancel it is to cancel the task, so that a {@link Race} over tasks
 * interrupts the losers; it completes when the body has really ended.
 */
final class TaskResult<T> extends CompletableFuture<T> {

    private final Runnable cancelTask;

    TaskResult(Runnable cancelTask) {
        this.cancelTask = cancelTask;
    }

    /**
     * Interrupts the body.
     *
     * @return whether the task has already ended as cancelled; usually false, because a body takes
     *     a moment to end
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        cancelTask.run();
        return isCancelled();
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    /** The body threw. Interruption that was asked for is cancellation, not failure. */
    void failed(Throwable failure, boolean cancelled) {
        if (cancelled && isInterruption(failure)) {
            super.cancel(false);
        } else {
            completeExceptionally(failure);
        }
    }

    static boolean isInterruption(Throwable failure) {
        return failure instanceof InterruptedException || failure instanceof CancellationException;
    }
}
