package dev.spate.async;

/**
 * Decides when a source pauses and resumes, and tells it: with hysteresis, in order, one call at a
 * time, and never while the batch iterator's lock is held.
 */
final class PressureGauge {

    private final BatchIterator.Pressure pressure;
    private final int pauseAt;
    private final int resumeAt;

    /** What the source should do; written under this object's monitor. */
    private volatile boolean isPaused;

    /** What the source was told last; written under this object's monitor. */
    private volatile boolean isToldToPause;

    // Guarded by this.
    private boolean isTelling;
    private boolean isClosed;

    PressureGauge(BatchIterator.Pressure pressure, int prefetch) {
        this.pressure = pressure;
        this.pauseAt = prefetch;
        this.resumeAt = prefetch / 2;
    }

    boolean isPaused() {
        return isPaused;
    }

    /** Takes note of how many finished batches wait. Calls no one. */
    void measure(int waiting) {
        if (isPaused ? waiting <= resumeAt : waiting >= pauseAt) {
            change();
        }
    }

    private synchronized void change() {
        if (!isClosed) {
            isPaused = !isPaused;
        }
    }

    /** From here on the source is told nothing more. */
    synchronized void close() {
        isClosed = true;
        isPaused = isToldToPause;
    }

    /**
     * Tells the source what has changed. If another thread is telling it something already, that
     * thread goes on to tell it this too.
     */
    void tell() {
        if (isPaused == isToldToPause) {
            return;
        }
        while (beginTelling()) {
            try {
                if (isToldToPause) {
                    pressure.pause();
                } else {
                    pressure.resume();
                }
            } finally {
                endTelling();
            }
        }
    }

    private synchronized boolean beginTelling() {
        if (isTelling || isPaused == isToldToPause) {
            return false;
        }
        isTelling = true;
        isToldToPause = isPaused;
        return true;
    }

    private synchronized void endTelling() {
        isTelling = false;
    }
}
