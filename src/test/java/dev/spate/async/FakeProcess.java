package dev.spate.async;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One simulated process: threads and timers that can all be made to stop at once, as if the machine
 * had lost its power. Made by {@link FakeScheduler#process}.
 */
public final class FakeProcess implements Scheduler {

    private final FakeScheduler world;
    private final FakeLoop loop;
    private final String prefix;
    private final List<FakeThread<?>> heldThreads = new ArrayList<>();
    private final List<FakeEvent> heldEvents = new ArrayList<>();
    private boolean isCrashed;
    private boolean isPaused;
    private Duration wallClockError = Duration.ZERO;

    FakeProcess(FakeScheduler world, FakeLoop loop, String prefix) {
        this.world = world;
        this.loop = loop;
        this.prefix = prefix;
    }

    /** What it was called when it was made. */
    public String name() {
        return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    }

    /**
     * Stops all threads and timers of this process for ever: no {@code finally} block runs, nobody
     * is told. May be called from inside the process, and then does not return. Whatever is started
     * or scheduled here later never runs.
     */
    public void crash() {
        if (!isCrashed) {
            isCrashed = true;
            isPaused = false;
            heldThreads.clear();
            heldEvents.clear();
            loop.crash(this);
        }
    }

    /** Whether {@link #crash} was called. */
    public boolean isCrashed() {
        return isCrashed;
    }

    /**
     * Stops this process until {@link #resume}, as SIGSTOP does: its threads do not run and its
     * timers do not fire, while time passes for everybody. Not to be called from inside.
     */
    public void pause() {
        if (!isCrashed && !isPaused) {
            isPaused = true;
            loop.pause(this);
        }
    }

    /** Lets a paused process go on; the timers that are due by then fire now. */
    public void resume() {
        if (isPaused) {
            isPaused = false;
            loop.resume(heldThreads, heldEvents);
            heldThreads.clear();
            heldEvents.clear();
        }
    }

    /** Whether it is paused at present. */
    public boolean isPaused() {
        return isPaused;
    }

    /** Sets this process's wall clock forward or back; the monotonic clock does not notice. */
    public void jumpWallClock(Duration by) {
        wallClockError = wallClockError.plus(by);
    }

    /** Keeps a thread that could run from running; false if it may. */
    boolean hold(FakeThread<?> thread) {
        if (isPaused) {
            heldThreads.add(thread);
        }
        return isPaused;
    }

    /** Keeps an event that is due from happening; false if it may. */
    boolean hold(FakeEvent event) {
        if (isPaused) {
            heldEvents.add(event);
        }
        return isPaused;
    }

    @Override
    public Instant now() {
        return world.now().plus(wallClockError);
    }

    @Override
    public long nanoTime() {
        return world.nanoTime();
    }

    @Override
    public Timer schedule(Duration delay, Runnable action) {
        return isCrashed ? () -> {} : loop.schedule(this, delay.toNanos(), action);
    }

    @Override
    public <T> Task<T> start(String name, Callable<T> body) {
        FakeThread<T> thread = new FakeThread<>(loop, this, prefix + name, body);
        if (!isCrashed) {
            loop.started(thread);
        }
        return thread;
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        @Nullable FakeThread<?> self = loop.caller();
        if (self == null) {
            world.advance(duration);
            return;
        }
        throwIfInterrupted();
        long wait = self.beginWait("sleeps");
        if (duration.isPositive()) {
            FakeEvent alarm = loop.schedule(this, duration.toNanos(), () -> self.wake(wait));
            self.waitHere();
            alarm.cancel();
        } else {
            self.wake(wait);
            self.waitHere();
        }
        throwIfInterrupted();
    }

    @Override
    public <T> T await(CompletionStage<T> stage, Deadline deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<T> future = stage.toCompletableFuture();
        @Nullable FakeThread<?> self = loop.caller();
        if (self == null) {
            world.driveUntilDone(future, deadline);
        } else if (!future.isDone()) {
            throwIfInterrupted();
            waitFor(future, self, deadline);
        }
        if (!future.isDone()) {
            throwIfInterrupted();
            throw new TimeoutException();
        }
        return future.get();
    }

    private void waitFor(CompletableFuture<?> future, FakeThread<?> self, Deadline deadline) {
        if (deadline.hasPassed(this)) {
            return;
        }
        long wait = self.beginWait("awaits");
        CompletableFuture<?> waker = future.whenComplete((_, _) -> self.wake(wait));
        if (deadline.isNever()) {
            self.waitHere();
        } else {
            long leftNanos = deadline.remaining(this).toNanos();
            FakeEvent alarm = loop.schedule(this, leftNanos, () -> self.wake(wait));
            self.waitHere();
            alarm.cancel();
        }
        waker.cancel(false);
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
