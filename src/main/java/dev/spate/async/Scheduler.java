package dev.spate.async;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * The one way to know the time, to wait, and to start virtual threads.
 *
 * <p>Everything in the core that takes time takes it from here, so that tests and simulations can
 * run on a scheduler that jumps from deadline to deadline and lets one thread run at a time. Code
 * that runs on a scheduler must not block in any other way, except briefly on a lock that nobody
 * holds while waiting.
 */
public interface Scheduler {

    /**
     * The wall clock. For time stamps that people read; never for measuring how long something
     * takes.
     */
    Instant now();

    /**
     * The monotonic clock, in nanoseconds from an arbitrary origin. Only differences mean anything.
     */
    long nanoTime();

    /**
     * Runs an action once after a delay, on a thread of the scheduler's.
     *
     * @param delay zero or less means as soon as possible
     * @param action short and never blocking; what it throws is logged and otherwise ignored
     */
    Timer schedule(Duration delay, Runnable action);

    /**
     * Starts a virtual thread. Its log lines tell what those of the starting thread do: {@link
     * LogContext}.
     *
     * @param name the thread's name, for logs and thread dumps
     * @param body may block through this scheduler; is interrupted by {@link Task#cancel()}. If it
     *     fails and nobody has asked for {@link Task#result()} by then, the failure is logged
     */
    <T> Task<T> start(String name, Callable<T> body);

    /**
     * Blocks the calling thread for a while. Zero or less returns at once, but still answers
     * interruption.
     */
    void sleep(Duration duration) throws InterruptedException;

    /**
     * Blocks until the stage completes or the deadline passes. The stage itself is left alone in
     * every case.
     *
     * @throws TimeoutException if the deadline passed first
     * @throws ExecutionException if the stage failed; its cause is the failure
     * @throws java.util.concurrent.CancellationException if the stage was cancelled
     */
    <T> T await(CompletionStage<T> stage, Deadline deadline)
            throws InterruptedException, ExecutionException, TimeoutException;

    /** A timer that has not fired yet, or has. */
    interface Timer {
        /** Prevents the action if it has not started; otherwise does nothing. Never blocks. */
        void cancel();
    }

    /** A virtual thread and what becomes of it. */
    interface Task<T> {
        /**
         * Completes with what the body returned or threw; cancelled if it ended by interruption
         * after {@link #cancel}. Cancelling this future cancels the task; it is done when the body
         * has ended, not before.
         */
        CompletableFuture<T> result();

        /**
         * Interrupts the body if it still runs. Returns at once; {@link #result()} tells when the
         * body has ended.
         */
        void cancel();
    }
}
