package dev.spate.async;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** A virtual thread that runs only while it holds the baton. */
final class FakeThread<T> implements Scheduler.Task<T> {

    private enum State {
        RUNNABLE,
        RUNNING,
        BLOCKED,
        ENDED
    }

    private final FakeLoop loop;
    private final FakeProcess owner;
    private final Callable<T> body;
    private final Thread thread;
    private final TaskResult<T> result = new TaskResult<>(this::cancel);

    private volatile boolean mayRun;
    private boolean isStarted;
    private State state = State.RUNNABLE;
    private String waitsFor = "";
    private long waits;
    private boolean isCancelled;
    private boolean isInterruptPending;
    private boolean isObserved;

    FakeThread(FakeLoop loop, FakeProcess owner, String name, Callable<T> body) {
        this.loop = loop;
        this.owner = owner;
        this.body = body;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    Thread thread() {
        return thread;
    }

    FakeProcess owner() {
        return owner;
    }

    boolean isOf(FakeProcess process) {
        return owner == process;
    }

    boolean isBlocked() {
        return state == State.BLOCKED;
    }

    @Override
    public CompletableFuture<T> result() {
        isObserved = true;
        return result;
    }

    @Override
    public void cancel() {
        if (state == State.ENDED) {
            return;
        }
        isCancelled = true;
        if (loop.callerIfAny() == this) {
            thread.interrupt();
        } else {
            isInterruptPending = true;
            wake(waits);
        }
    }

    /** Announces a wait; what ends it calls {@link #wake} with the number returned. */
    long beginWait(String what) {
        waitsFor = what;
        state = State.BLOCKED;
        return ++waits;
    }

    /** Waits until woken. Interruption shows as the thread's interrupt flag. */
    void waitHere() {
        loop.yieldBaton(this);
        if (isInterruptPending) {
            isInterruptPending = false;
            thread.interrupt();
        }
    }

    /** Ends a wait; does nothing if that wait is over. */
    void wake(long wait) {
        if (state == State.BLOCKED && wait == waits && !owner.isCrashed()) {
            state = State.RUNNABLE;
            loop.wakeable(this);
        }
    }

    void resumed() {
        state = State.RUNNING;
    }

    void unpark() {
        mayRun = true;
        if (isStarted) {
            LockSupport.unpark(thread);
        } else {
            isStarted = true;
            thread.start();
        }
    }

    void awaitBaton() {
        while (!mayRun) {
            LockSupport.park(this);
        }
        mayRun = false;
    }

    private void run() {
        awaitBaton();
        if (isInterruptPending) {
            isInterruptPending = false;
            thread.interrupt();
        }
        try {
            T value = body.call();
            end();
            result.complete(value);
        } catch (Throwable failure) {
            end();
            if (!isObserved && !(isCancelled && TaskResult.isInterruption(failure))) {
                loop.failed(new AssertionError(thread.getName() + " failed, unobserved", failure));
            }
            result.failed(failure, isCancelled);
        }
        loop.ended(this);
    }

    private void end() {
        state = State.ENDED;
        Thread.interrupted(); // must not hit the result's dependents
    }

    @Override
    public String toString() {
        return state == State.BLOCKED ? thread.getName() + " (" + waitsFor + ")" : thread.getName();
    }
}
