package dev.spate.web;

import java.util.concurrent.Semaphore;

/** How many streams there are, and that there are not too many. Safe for any thread. */
final class Streams {

    private final int max;
    private final Semaphore free;

    Streams(int max) {
        this.max = max;
        this.free = new Semaphore(max);
    }

    /** Whether there is room for one more; {@link #leave} gives it back. */
    boolean enter() {
        return free.tryAcquire();
    }

    void leave() {
        free.release();
    }

    int count() {
        return max - free.availablePermits();
    }

    static Refused tooMany() {
        return Refused.later("There are as many streams open as there may be.", 5);
    }
}
