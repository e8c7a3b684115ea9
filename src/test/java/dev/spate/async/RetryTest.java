package dev.spate.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RetryTest {

    private static final Backoff BACKOFF =
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10), 2, 0);

    private final RandomGenerator random = new SplittableRandom(1);
    private final FakeScheduler scheduler = new FakeScheduler();

    @Test
    void waitsGrowUpToTheirBound() {
        assertThat(BACKOFF.delay(1, random)).isEqualTo(Duration.ofSeconds(1));
        assertThat(BACKOFF.delay(2, random)).isEqualTo(Duration.ofSeconds(2));
        assertThat(BACKOFF.delay(4, random)).isEqualTo(Duration.ofSeconds(8));
        assertThat(BACKOFF.delay(5, random)).isEqualTo(Duration.ofSeconds(10));
        assertThat(BACKOFF.delay(Integer.MAX_VALUE, random)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void jitterStaysWithinItsShare() {
        Backoff jittery = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10), 2, 0.5);

        for (int i = 0; i < 1_000; i++) {
            assertThat(jittery.delay(1, random))
                    .isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        }
    }

    @Test
    void backoffNamesFieldBoundAndValue() {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Duration.ZERO, second, 2, 0))
                .withMessage("initial: expected more than PT0S, found PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(second, Duration.ZERO, 2, 0))
                .withMessage("max: expected PT1S to PT24H, found PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(second, second, Double.NaN, 0))
                .withMessage("multiplier: expected at least 1, found NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(second, second, 2, 1.5))
                .withMessage("jitter: expected 0 to 1, found 1.5");
    }

    @Test
    void decidesToWaitWhileThereAreAttemptsLeft() {
        assertThat(retry(3).decide(new IOException(), 2, Duration.ZERO, random))
                .isEqualTo(new Retry.Decision.Wait(Duration.ofSeconds(2)));
    }

    @Test
    void givesUpWhenTheAttemptsAreSpent() {
        assertThat(retry(3).decide(new IOException(), 3, Duration.ZERO, random))
                .isEqualTo(new Retry.Decision.GiveUp(Retry.Reason.ATTEMPTS));
    }

    @Test
    void givesUpIfTheNextTryWouldBeginTooLate() {
        assertThat(retry(3).decide(new IOException(), 1, Duration.ofMillis(59_001), random))
                .isEqualTo(new Retry.Decision.GiveUp(Retry.Reason.ELAPSED));
    }

    @Test
    void givesUpAtOnceIfItWouldFailTheSameWay() {
        assertThat(retry(3).decide(new IllegalArgumentException(), 1, Duration.ZERO, random))
                .isEqualTo(new Retry.Decision.GiveUp(Retry.Reason.NOT_RETRIABLE));
    }

    @Test
    void callsUntilItSucceeds() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        long startNanos = scheduler.nanoTime();

        String answer = scheduler.run(() -> call(Deadline.NEVER, calls, 3));

        assertThat(answer).isEqualTo("at last");
        assertThat(calls).hasValue(3);
        assertThat(scheduler.nanoTime() - startNanos).isEqualTo(Duration.ofSeconds(3).toNanos());
    }

    @Test
    void throwsWhatTheLastAttemptThrew() {
        AtomicInteger calls = new AtomicInteger();

        assertThatThrownBy(() -> scheduler.run(() -> call(Deadline.NEVER, calls, 9)))
                .hasCauseInstanceOf(IOException.class)
                .hasRootCauseMessage("failure 4");
    }

    @Test
    void doesNotWaitBeyondTheDeadline() {
        AtomicInteger calls = new AtomicInteger();
        Deadline soon = Deadline.after(scheduler, Duration.ofMillis(2_500));

        assertThatThrownBy(() -> scheduler.run(() -> call(soon, calls, 9)))
                .hasRootCauseMessage("failure 2");
    }

    private String call(Deadline deadline, AtomicInteger calls, int successAt) throws Exception {
        return Retry.call(
                scheduler,
                deadline,
                retry(4),
                random,
                () -> {
                    if (calls.incrementAndGet() < successAt) {
                        throw new IOException("failure " + calls);
                    }
                    return "at last";
                });
    }

    private static Retry<Exception> retry(int attemptsMax) {
        return new Retry<>(
                IOException.class::isInstance, attemptsMax, Duration.ofMinutes(1), BACKOFF);
    }
}
