package dev.spate.async;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Whether to try again after a failure, and when.
 *
 * <p>Immutable; {@link #decide} is pure if the predicate is.
 *
 * @param <F> what a failure is: an exception, or a value
 * @param isRetriable whether trying again can help against a failure
 * @param attemptsMax tries in all, at least 1
 * @param elapsedMax no try begins later than this after the first; not negative
 * @param backoff the waits between tries
 */
public record Retry<F>(
        Predicate<? super F> isRetriable, int attemptsMax, Duration elapsedMax, Backoff backoff) {

    public Retry {
        if (attemptsMax < 1) {
            throw new IllegalArgumentException(
                    "attemptsMax: expected at least 1, found " + attemptsMax);
        }
        if (elapsedMax.isNegative()) {
            throw new IllegalArgumentException(
                    "elapsedMax: expected at least PT0S, found " + elapsedMax);
        }
    }

    /**
     * What to do after a failure.
     *
     * @param attempt the number of the attempt that failed, from 1
     * @param elapsed since the first attempt began
     */
    public Decision decide(F failure, int attempt, Duration elapsed, RandomGenerator random) {
        if (!isRetriable.test(failure)) {
            return new Decision.GiveUp(Reason.NOT_RETRIABLE);
        }
        if (attempt >= attemptsMax) {
            return new Decision.GiveUp(Reason.ATTEMPTS);
        }
        Duration delay = backoff.delay(attempt, random);
        return elapsed.plus(delay).compareTo(elapsedMax) > 0
                ? new Decision.GiveUp(Reason.ELAPSED)
                : new Decision.Wait(delay);
    }

    /**
     * Calls until it succeeds or this policy gives up, blocking in between. Interruption is never
     * retried.
     *
     * @param deadline no wait goes beyond it; the call itself must see to its own
     * @throws InterruptedException if interrupted, in the call or between two
     * @throws Exception what the last attempt threw
     */
    public static <T> T call(
            Scheduler scheduler,
            Deadline deadline,
            Retry<? super Exception> retry,
            RandomGenerator random,
            Callable<T> call)
            throws Exception {
        long startNanos = scheduler.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                return call.call();
            } catch (InterruptedException interrupted) {
                throw interrupted;
            } catch (Exception failure) {
                Duration elapsed = Duration.ofNanos(scheduler.nanoTime() - startNanos);
                switch (retry.decide(failure, attempt, elapsed, random)) {
                    case Decision.GiveUp _ -> throw failure;
                    case Decision.Wait(Duration delay) -> {
                        if (delay.compareTo(deadline.remaining(scheduler)) > 0) {
                            throw failure;
                        }
                        scheduler.sleep(delay);
                    }
                }
            }
        }
    }

    /** What to do after a failure. */
    public sealed interface Decision {

        /**
         * Try again.
         *
         * @param delay after this
         */
        record Wait(Duration delay) implements Decision {}

        /** Do not try again. */
        record GiveUp(Reason reason) implements Decision {}
    }

    /** Why there is no other try. */
    public enum Reason {
        /** It would fail the same way. */
        NOT_RETRIABLE,
        /** As many tries as there may be were made. */
        ATTEMPTS,
        /** The next try would begin too late. */
        ELAPSED
    }
}
