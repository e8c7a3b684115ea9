package dev.spate.async;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A token bucket: so many permits a second on average, and a burst of them after a rest.
 *
 * <p>Fair: permits are given in the order of asking, each a fixed time after the one before, and a
 * waiting caller is never overtaken. Full at first.
 */
public final class RateLimiter {

    private final Scheduler scheduler;
    private final long intervalNanos;
    private final long burstNanos;

    /**
     * When the bucket will be full again, on the scheduler's clock: each permit given moves it by
     * one interval. Guarded by this.
     */
    private long fullAtNanos;

    /**
     * @param ratePerSecond permits per second in the long run, 0.001 to 1 million
     * @param burst permits that may be given at once after a rest, 1 to 1 million
     */
    public RateLimiter(Scheduler scheduler, double ratePerSecond, int burst) {
        if (!(ratePerSecond >= 0.001 && ratePerSecond <= 1e6)) {
            throw new IllegalArgumentException(
                    "ratePerSecond: expected 0.001 to 1000000, found " + ratePerSecond);
        }
        if (burst < 1 || burst > 1_000_000) {
            throw new IllegalArgumentException("burst: expected 1 to 1000000, found " + burst);
        }
        this.scheduler = scheduler;
        this.intervalNanos = (long) Math.ceil(TimeUnit.SECONDS.toNanos(1) / ratePerSecond);
        this.burstNanos = Math.multiplyExact(intervalNanos, (long) burst);
        this.fullAtNanos = scheduler.nanoTime();
    }

    /**
     * Takes a permit, now or in advance. Never blocks; cannot be undone.
     *
     * @return how long to wait before using it; zero if it may be used at once
     */
    public synchronized Duration reserve() {
        long nowNanos = scheduler.nanoTime();
        long waitNanos = waitNanos(nowNanos);
        take(nowNanos);
        return Duration.ofNanos(waitNanos);
    }

    /**
     * Takes a permit and blocks until it may be used.
     *
     * @throws TimeoutException at once, and without taking a permit, if it could not be used before
     *     the deadline
     * @throws InterruptedException if interrupted while waiting; the permit is spent
     */
    public void acquire(Deadline deadline) throws InterruptedException, TimeoutException {
        long waitNanos;
        synchronized (this) {
            long nowNanos = scheduler.nanoTime();
            waitNanos = waitNanos(nowNanos);
            if (waitNanos > deadline.remaining(scheduler).toNanos()) {
                throw new TimeoutException("no permit before the deadline");
            }
            take(nowNanos);
        }
        if (waitNanos > 0) {
            scheduler.sleep(Duration.ofNanos(waitNanos));
        }
    }

    /** How many permits could be used at once now. Never blocks. */
    public synchronized int available() {
        long untilFullNanos = Math.max(0, fullAtNanos - scheduler.nanoTime());
        return (int) Math.max(0, (burstNanos - untilFullNanos) / intervalNanos);
    }

    /**
     * Takes permits, in advance if there are not as many now. Never blocks; cannot be undone.
     *
     * @param permits at least 0
     */
    public synchronized void spend(int permits) {
        long nowNanos = scheduler.nanoTime();
        for (int i = 0; i < permits; i++) {
            take(nowNanos);
        }
    }

    private long waitNanos(long nowNanos) {
        long untilFullNanos = Math.max(0, fullAtNanos - nowNanos);
        return Math.max(0, untilFullNanos + intervalNanos - burstNanos);
    }

    private void take(long nowNanos) {
        long untilFullNanos = Math.max(0, fullAtNanos - nowNanos);
        fullAtNanos = nowNanos + untilFullNanos + intervalNanos;
    }
}
