package dev.spate.async;

import java.time.Duration;

/**
 * A point on a scheduler's monotonic clock after which waiting is pointless.
 *
 * <p>Immutable. Unaffected by jumps of the wall clock. Pass a deadline, not a duration, through
 * layers: each takes what is left.
 *
 * @param nanoTime on the scale of {@link Scheduler#nanoTime()}; meaningless to any other scheduler
 * @param isNever true for a deadline that never passes
 */
public record Deadline(long nanoTime, boolean isNever) {

    /** A deadline that never passes. */
    public static final Deadline NEVER = new Deadline(0, true);

    /** The longest time a deadline can lie ahead; longer ones are cut to it. */
    private static final Duration AHEAD_MAX = Duration.ofDays(36_500);

    /** A deadline this long from now; zero or less has passed already. */
    public static Deadline after(Scheduler scheduler, Duration duration) {
        Duration ahead = duration.compareTo(AHEAD_MAX) > 0 ? AHEAD_MAX : duration;
        return new Deadline(scheduler.nanoTime() + ahead.toNanos(), false);
    }

    /** How long until this deadline; zero if it has passed, {@code AHEAD_MAX} if it never does. */
    public Duration remaining(Scheduler scheduler) {
        if (isNever) {
            return AHEAD_MAX;
        }
        return Duration.ofNanos(Math.max(0, nanoTime - scheduler.nanoTime()));
    }

    /** Whether it has passed. */
    public boolean hasPassed(Scheduler scheduler) {
        return !isNever && nanoTime - scheduler.nanoTime() <= 0;
    }

    /** The sooner of the two. */
    public Deadline sooner(Deadline other) {
        if (isNever) {
            return other;
        }
        return other.isNever || nanoTime - other.nanoTime <= 0 ? this : other;
    }
}
