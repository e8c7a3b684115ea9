package dev.spate.async;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: longer each time, up to a bound, and at random within a
 * margin so that those who failed together do not come back together.
 *
 * <p>Immutable and pure.
 *
 * @param initial before the second try; positive
 * @param max never longer than this; at least {@code initial}, at most {@link #MAX}
 * @param multiplier from one wait to the next, at least 1
 * @param jitter the share of each wait that is left to chance, 0 to 1: the wait lies between {@code
 *     (1 - jitter)} of the full one and the full one
 */
public record Backoff(Duration initial, Duration max, double multiplier, double jitter) {

    /** No wait between two tries makes sense beyond this. */
    public static final Duration MAX = Duration.ofDays(1);

    public Backoff {
        if (!initial.isPositive()) {
            throw new IllegalArgumentException(
                    "initial: expected more than PT0S, found " + initial);
        }
        if (max.compareTo(initial) < 0 || max.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(
                    "max: expected " + initial + " to " + MAX + ", found " + max);
        }
        // Written so that NaN fails.
        if (!(multiplier >= 1)) {
            throw new IllegalArgumentException(
                    "multiplier: expected at least 1, found " + multiplier);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter: expected 0 to 1, found " + jitter);
        }
    }

    /**
     * How long to wait after a failed attempt.
     *
     * @param attempt the number of the attempt that failed, from 1
     */
    public Duration delay(int attempt, RandomGenerator random) {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt: expected at least 1, found " + attempt);
        }
        // In floating point a huge power is infinite, and the bound still holds.
        double full =
                Math.min(
                        (double) max.toNanos(),
                        initial.toNanos() * Math.pow(multiplier, attempt - 1));
        return Duration.ofNanos((long) (full * (1 - jitter * random.nextDouble())));
    }
}
