package dev.spate.async;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A body on a virtual thread of its own. */
final class VirtualTask<T> implements Scheduler.Task<T> {

    private static final Logger log = LoggerFactory.getLogger(VirtualTask.class);

    private final Callable<T> body;
    private final Thread thread;

    /** What the starting thread is about, for the log. */
    private final @Nullable Map<String, String> context = MDC.getCopyOfContextMap();

    private final TaskResult<T> result = new TaskResult<>(this::cancel);

    /**
     * Whether anyone can learn of a failure from {@link #result()}; if not, it is logged. An {@code
     * Error} always is: whoever waits expects failures, not that.
     */
    private volatile boolean isObserved;

    // Guarded by this.
    private boolean isCancelled;
    private boolean hasEnded;

    private VirtualTask(String name, Callable<T> body) {
        this.body = body;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    static <T> VirtualTask<T> start(String name, Callable<T> body) {
        VirtualTask<T> task = new VirtualTask<>(name, body);
        task.thread.start();
        return task;
    }

    @Override
    public CompletableFuture<T> result() {
        isObserved = true;
        return result;
    }

    @Override
    public synchronized void cancel() {
        // Past its end the thread runs the result's dependents, which nobody asked to interrupt.
        if (!hasEnded) {
            isCancelled = true;
            thread.interrupt();
        }
    }

    private void run() {
        @Nullable T value = null;
        @Nullable Throwable failure = null;
        try {
            if (context != null) {
                MDC.setContextMap(context);
            }
            value = body.call();
        } catch (Throwable thrown) {
            failure = thrown;
        }
        boolean cancelled = end();
        if (failure == null) {
            result.complete(value);
            return;
        }
        boolean isExpected = isObserved || (cancelled && TaskResult.isInterruption(failure));
        if (!isExpected || failure instanceof Error) {
            log.error("{} failed", thread.getName(), failure);
        }
        result.failed(failure, cancelled);
    }

    /** From here {@link #cancel} does nothing; tells whether it was called before. */
    private synchronized boolean end() {
        hasEnded = true;
        // A cancellation that came too late for the body must not hit the result's dependents.
        Thread.interrupted();
        return isCancelled;
    }
}
