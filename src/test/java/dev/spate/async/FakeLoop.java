package dev.spate.async;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time go on. Whoever has to wait chooses the next one and hands the baton
 * over itself; the driving thread gets it back when there is nothing left to do.
 *
 * <p>Nothing here is locked: only the holder of the baton touches it, and handing over publishes.
 */
final class FakeLoop {

    /** So many choices without time passing mean that threads are running in circles. */
    private static final int STEPS_AT_ONE_INSTANT_MAX = 1_000_000;

    /** A thread that keeps the baton for so long blocks on something else than the scheduler. */
    private static final long TURN_MAX_NANOS = Duration.ofSeconds(30).toNanos();

    private final SplittableRandom random;
    private final PriorityQueue<FakeEvent> events = new PriorityQueue<>();
    private final List<FakeThread<?>> runnable = new ArrayList<>();
    private final List<FakeThread<?>> alive = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    private long nowNanos;
    private long eventCount;
    private int deadEvents;
    private long turns;
    private int stepsAtThisInstant;
    private long fingerprint;
    private boolean isFiring;

    private @Nullable FakeThread<?> current;
    private volatile @Nullable Thread holder;
    private @Nullable Thread driver;
    private volatile boolean driverMayRun;
    private BooleanSupplier stop = () -> true;
    private long limitNanos;

    FakeLoop(long seed) {
        random = new SplittableRandom(seed);
    }

    long nowNanos() {
        return nowNanos;
    }

    long fingerprint() {
        return fingerprint;
    }

    /** The fake thread that calls, or null if the driving thread does. */
    @Nullable FakeThread<?> caller() {
        requireBaton();
        if (isFiring) {
            throw new IllegalStateException("a timer's action must not block");
        }
        return current;
    }

    /** The fake thread that calls, or null if anything else does; never complains. */
    @Nullable FakeThread<?> callerIfAny() {
        return isFiring || !Thread.currentThread().equals(holder) ? null : current;
    }

    FakeEvent schedule(FakeProcess owner, long delayNanos, Runnable action) {
        requireBaton();
        long atNanos = nowNanos + Math.max(0, delayNanos);
        FakeEvent event =
                new FakeEvent(this, owner, atNanos, random.nextInt(), eventCount++, action);
        events.add(event);
        return event;
    }

    /** Cancelled events leave the queue in bulk: most time-outs never fire. */
    void eventCancelled() {
        deadEvents++;
        if (deadEvents > 64 && deadEvents > events.size() / 2) {
            events.removeIf(FakeEvent::isDead);
            deadEvents = 0;
        }
    }

    void started(FakeThread<?> thread) {
        requireBaton();
        alive.add(thread);
        wakeable(thread);
    }

    void wakeable(FakeThread<?> thread) {
        if (!thread.owner().hold(thread)) {
            runnable.add(thread);
        }
    }

    /** Hands the baton on, and comes back when the thread is chosen again. */
    void yieldBaton(FakeThread<?> self) {
        @Nullable FakeThread<?> next = choose();
        if (next == self) {
            give(self);
        } else {
            handTo(next);
            self.awaitBaton();
        }
    }

    /** Hands the baton on for the last time. */
    void ended(FakeThread<?> self) {
        alive.remove(self);
        handTo(choose());
    }

    /** Makes all threads and timers of a process as if they had never been. */
    void crash(FakeProcess process) {
        requireBaton();
        alive.removeIf(thread -> thread.isOf(process));
        runnable.removeIf(thread -> thread.isOf(process));
        events.removeIf(event -> event.isOf(process));
        @Nullable FakeThread<?> self = callerIfAny();
        if (self != null && self.isOf(process)) {
            handTo(choose());
            self.awaitBaton(); // never comes
        }
    }

    /** Whoever could run of a process does not until it is resumed. */
    void pause(FakeProcess process) {
        requireBaton();
        @Nullable FakeThread<?> self = callerIfAny();
        if (self != null && self.isOf(process)) {
            throw new IllegalStateException("a process cannot pause itself");
        }
        runnable.removeIf(thread -> thread.isOf(process) && process.hold(thread));
    }

    /** What a paused process was to do is to be done now. */
    void resume(List<FakeThread<?>> threads, List<FakeEvent> due) {
        requireBaton();
        runnable.addAll(threads);
        events.addAll(due);
    }

    void failed(Throwable failure) {
        failures.add(failure);
    }

    List<String> waiting() {
        return alive.stream().filter(FakeThread::isBlocked).map(FakeThread::toString).toList();
    }

    /** Whether anything can still happen, now or later. */
    boolean isQuiet() {
        return runnable.isEmpty() && nextEvent() == null;
    }

    /** Runs until the condition holds, or nothing is left to do up to a moment. */
    void drive(BooleanSupplier until, long untilNanos) {
        if (holder != null) {
            throw new IllegalStateException("driven from inside, or by two threads at once");
        }
        Thread self = Thread.currentThread();
        driver = self;
        stop = until;
        limitNanos = untilNanos;
        holder = self;
        try {
            @Nullable FakeThread<?> next = choose();
            if (next != null) {
                handTo(next);
                awaitDriverBaton();
            }
        } finally {
            holder = null;
        }
        surface();
    }

    /** Time passes without anything happening. */
    void passTimeUntil(long atNanos) {
        nowNanos = Math.max(nowNanos, atNanos);
    }

    private void surface() {
        if (!failures.isEmpty()) {
            AssertionError error = new AssertionError("a fake thread failed", failures.getFirst());
            failures.stream().skip(1).forEach(error::addSuppressed);
            failures.clear();
            throw error;
        }
    }

    /** What happens next: a thread to go on, or nothing more before the driver is asked. */
    private @Nullable FakeThread<?> choose() {
        while (failures.isEmpty() && !isStopped()) {
            @Nullable FakeEvent event = nextEvent();
            boolean isDue = event != null && event.atNanos() <= nowNanos;
            int choices = runnable.size() + (isDue ? 1 : 0);
            if (choices == 0) {
                if (event == null || event.atNanos() > limitNanos) {
                    return null;
                }
                nowNanos = event.atNanos();
                stepsAtThisInstant = 0;
                continue;
            }
            int choice = choices == 1 ? 0 : random.nextInt(choices);
            fingerprint = (fingerprint * 31 + choice) * 31 + nowNanos;
            turns++;
            if (++stepsAtThisInstant > STEPS_AT_ONE_INSTANT_MAX) {
                stepsAtThisInstant = 0;
                failed(new AssertionError("running in circles without time passing: " + runnable));
            } else if (choice < runnable.size()) {
                return takeRunnable(choice);
            } else {
                FakeEvent due = events.remove();
                if (!due.owner().hold(due)) {
                    fire(due);
                }
            }
        }
        return null;
    }

    private boolean isStopped() {
        try {
            return stop.getAsBoolean();
        } catch (Throwable failure) {
            failed(failure);
            return true;
        }
    }

    private @Nullable FakeEvent nextEvent() {
        @Nullable FakeEvent event = events.peek();
        while (event != null && event.isDead()) {
            events.remove();
            deadEvents--;
            event = events.peek();
        }
        return event;
    }

    private FakeThread<?> takeRunnable(int index) {
        FakeThread<?> last = runnable.removeLast();
        return index == runnable.size() ? last : runnable.set(index, last);
    }

    private void fire(FakeEvent event) {
        isFiring = true;
        try {
            event.fire();
        } catch (Throwable failure) {
            failed(failure);
        } finally {
            isFiring = false;
        }
    }

    private void give(FakeThread<?> next) {
        current = next;
        next.resumed();
    }

    private void handTo(@Nullable FakeThread<?> next) {
        if (next == null) {
            current = null;
            holder = driver;
            driverMayRun = true;
            LockSupport.unpark(driver);
        } else {
            give(next);
            holder = next.thread();
            next.unpark();
        }
    }

    private void awaitDriverBaton() {
        long turnsSeen = turns;
        long seenAtNanos = System.nanoTime();
        while (!driverMayRun) {
            LockSupport.parkNanos(this, TURN_MAX_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw stuckInsideTheBaton("was running when the driving thread was interrupted");
            }
            if (turns != turnsSeen) {
                turnsSeen = turns;
                seenAtNanos = System.nanoTime();
            } else if (!driverMayRun && System.nanoTime() - seenAtNanos > TURN_MAX_NANOS) {
                throw stuckInsideTheBaton("blocks on something else than the scheduler");
            }
        }
        driverMayRun = false;
    }

    private AssertionError stuckInsideTheBaton(String what) {
        AssertionError error = new AssertionError(current + " " + what);
        @Nullable Thread culprit = holder;
        if (culprit != null) {
            error.setStackTrace(culprit.getStackTrace());
        }
        return error;
    }

    private void requireBaton() {
        @Nullable Thread owner = holder;
        if (owner != null && !owner.equals(Thread.currentThread())) {
            IllegalStateException failure =
                    new IllegalStateException(
                            "called by " + Thread.currentThread() + " while " + owner + " runs");
            failed(failure); // Callbacks of futures swallow what they throw.
            throw failure;
        }
    }
}
