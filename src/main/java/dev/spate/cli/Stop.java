package dev.spate.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish that this process end: Ctrl-C or SIGTERM. Whoever has one open is given time to close
 * what it opened before; the JVM waits for it, within limits.
 */
final class Stop implements AutoCloseable {

    /** An orderly end takes seconds; whoever started the process will not wait longer than this. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);

    private final CountDownLatch wanted = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop");
    private final Runnable alarm;

    private Stop(Runnable alarm) {
        this.alarm = alarm;
    }

    /** Listens from now on. */
    static Stop onSignal() {
        return listening(() -> {});
    }

    /** Listens from now on, and then interrupts a thread that does not wait for this. */
    static Stop interrupting(Thread worker) {
        return listening(worker::interrupt);
    }

    private static Stop listening(Runnable alarm) {
        Stop stop = new Stop(alarm);
        Runtime.getRuntime().addShutdownHook(stop.hook);
        return stop;
    }

    /** Blocks until somebody wants this process to end. */
    void await() throws InterruptedException {
        wanted.await();
    }

    /**
     * Blocks until somebody wants this process to end, or its work has ended by itself.
     *
     * @throws Refusal if the work has failed
     */
    void await(CompletableFuture<Void> work) throws InterruptedException {
        var _ = work.whenComplete((_, _) -> now());
        await();
        if (work.isCompletedExceptionally()) {
            throw Refusal.failure("the worker has failed: " + work.exceptionNow());
        }
    }

    /** Asks for the end from inside. */
    void now() {
        wanted.countDown();
    }

    /** Everything is closed. */
    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyStopping) {
            // Then the hook is what is waiting for this.
        }
    }

    private void stop() {
        wanted.countDown();
        alarm.run();
        try {
            if (!closed.await(CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("spate: not everything closed in time");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
