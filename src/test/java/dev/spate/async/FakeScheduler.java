package dev.spate.async;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A scheduler on which time passes only when nobody can run, and one thread runs at a time: which
 * one is drawn from a seed, so that the same seed gives the same history, to the last step.
 *
 * <p>The test drives it from outside: {@link #advance}, {@link #runUntil}, {@link #runUntilQuiet},
 * {@link #run}. Between these calls nothing runs, and the test may start threads, set timers and
 * complete futures. Called by the test, {@link #sleep} and {@link #await} drive too.
 *
 * <p>What a timer's action throws, and what a thread throws whose {@code result()} nobody asked for
 * before it ended, is thrown by the driving call. A call from a thread that has no business here, a
 * thread that blocks on anything else, and threads that run in circles are errors as well.
 */
public final class FakeScheduler implements Scheduler {

    /** Close to where the nanosecond clock wraps, because code must not mind. */
    private static final long ORIGIN_NANOS = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();

    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final long FOREVER_NANOS = Long.MAX_VALUE;

    private final FakeLoop loop;
    private final FakeProcess root;
    private Duration wallClockError = Duration.ZERO;

    /** A scheduler with seed 0. */
    public FakeScheduler() {
        this(0);
    }

    /**
     * @param seed decides who runs when several could
     */
    public FakeScheduler(long seed) {
        loop = new FakeLoop(seed);
        root = new FakeProcess(this, loop, "");
    }

    /** Threads and timers that can crash together, on the same clock as all others. */
    public FakeProcess process(String name) {
        return new FakeProcess(this, loop, name + "/");
    }

    /** Runs everything that happens within a while, and lets that while pass. */
    public void advance(Duration duration) {
        long untilNanos = later(duration);
        loop.drive(() -> false, untilNanos);
        loop.passTimeUntil(untilNanos);
    }

    /**
     * Runs until nothing can happen any more, however long that takes. Threads may be left waiting
     * for something that nobody will do: see {@link #waiting}.
     */
    public void runUntilQuiet() {
        loop.drive(() -> false, FOREVER_NANOS);
    }

    /**
     * Runs until the condition holds. It is looked at before every step.
     *
     * @throws AssertionError if it does not hold within the limit, or nothing can happen any more;
     *     names the threads that wait
     */
    public void runUntil(BooleanSupplier condition, Duration limit) {
        long untilNanos = later(limit);
        loop.drive(condition, untilNanos);
        if (!condition.getAsBoolean()) {
            String why = loop.isQuiet() ? "stuck: nobody can run" : "not within " + limit;
            throw new AssertionError(why + "; waiting: " + waiting());
        }
    }

    /**
     * Runs a body on a thread of its own until it ends, with whatever it started.
     *
     * @throws AssertionError if it waits for something that nobody will do
     * @throws ExecutionException if it failed
     */
    public <T> T run(Callable<T> body) throws ExecutionException {
        CompletableFuture<T> result = start("main", body).result();
        loop.drive(result::isDone, FOREVER_NANOS);
        if (!result.isDone()) {
            throw new AssertionError("stuck: nobody can run; waiting: " + waiting());
        }
        try {
            return result.get();
        } catch (InterruptedException impossible) {
            throw new AssertionError("a future that is done does not block", impossible);
        }
    }

    /** The threads that wait for time to pass or for a future, and which of the two. */
    public List<String> waiting() {
        return loop.waiting();
    }

    /** Equal for two runs if, and all but surely only if, they made the same choices. */
    public long fingerprint() {
        return loop.fingerprint();
    }

    /** Sets the wall clock forward or back; the monotonic clock does not notice. */
    public void jumpWallClock(Duration by) {
        wallClockError = wallClockError.plus(by);
    }

    @Override
    public Instant now() {
        return EPOCH.plusNanos(loop.nowNanos()).plus(wallClockError);
    }

    @Override
    public long nanoTime() {
        return ORIGIN_NANOS + loop.nowNanos();
    }

    @Override
    public Timer schedule(Duration delay, Runnable action) {
        return root.schedule(delay, action);
    }

    @Override
    public <T> Task<T> start(String name, Callable<T> body) {
        return root.start(name, body);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        root.sleep(duration);
    }

    @Override
    public <T> T await(CompletionStage<T> stage, Deadline deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        return root.await(stage, deadline);
    }

    /**
     * The driving thread awaits: the others run until the future is done or the deadline passes.
     */
    void driveUntilDone(CompletableFuture<?> future, Deadline deadline) {
        if (deadline.isNever()) {
            loop.drive(future::isDone, FOREVER_NANOS);
            if (!future.isDone()) {
                throw new AssertionError("stuck: nobody can run; waiting: " + waiting());
            }
        } else {
            long untilNanos = later(deadline.remaining(this));
            loop.drive(future::isDone, untilNanos);
            if (!future.isDone()) {
                loop.passTimeUntil(untilNanos);
            }
        }
    }

    private long later(Duration duration) {
        return Math.addExact(loop.nowNanos(), Math.max(0, duration.toNanos()));
    }
}
