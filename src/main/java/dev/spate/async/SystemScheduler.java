package dev.spate.async;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduler of a running process: the system's clocks, one daemon thread for all timers, and
 * the JDK's virtual threads.
 *
 * <p>Timers fire in the order of their deadlines, one at a time. An action that blocks delays every
 * other timer of the process.
 */
public final class SystemScheduler implements Scheduler, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SystemScheduler.class);

    private final ScheduledThreadPoolExecutor timers;

    /** Starts the timer thread when the first timer is set. */
    public SystemScheduler() {
        timers =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("spate-timer").factory());
        // Most timers are time-outs that never fire; without this they would pile up until due.
        timers.setRemoveOnCancelPolicy(true);
        timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    /**
     * {@inheritDoc}
     *
     * @throws java.util.concurrent.RejectedExecutionException if this scheduler is closed
     */
    @Override
    public Timer schedule(Duration delay, Runnable action) {
        Future<?> timer = timers.schedule(() -> run(action), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public <T> Task<T> start(String name, Callable<T> body) {
        return VirtualTask.start(name, body);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration.isNegative() ? Duration.ZERO : duration);
    }

    @Override
    public <T> T await(CompletionStage<T> stage, Deadline deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture()
                .get(deadline.remaining(this).toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Forgets the timers that have not fired and ends the timer thread. Threads that were started
     * here go on; whoever started them cancels them. Idempotent; never blocks.
     */
    @Override
    public void close() {
        timers.shutdown();
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) {
            // An error must not kill the timer thread either: every wait of the process hangs on
            // it.
            log.error("A timer's action failed", failure);
        }
    }
}
