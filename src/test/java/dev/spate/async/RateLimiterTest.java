package dev.spate.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    private final FakeScheduler scheduler = new FakeScheduler();
    private final RateLimiter limiter = new RateLimiter(scheduler, 2, 3);

    @Test
    void givesABurstAtOnceAndThenOneAtATime() {
        assertThat(List.of(reserve(), reserve(), reserve(), reserve(), reserve()))
                .containsExactly(0L, 0L, 0L, 500L, 1_000L);
    }

    @Test
    void aRestFillsTheBucketAndNoMore() {
        for (int i = 0; i < 3; i++) {
            reserve();
        }

        scheduler.advance(Duration.ofHours(1));

        assertThat(List.of(reserve(), reserve(), reserve(), reserve()))
                .containsExactly(0L, 0L, 0L, 500L);
    }

    @Test
    void aShortRestGivesWhatItIsWorth() {
        for (int i = 0; i < 3; i++) {
            reserve();
        }

        scheduler.advance(Duration.ofMillis(700));

        assertThat(List.of(reserve(), reserve())).containsExactly(0L, 300L);
    }

    @Test
    void acquireWaitsForItsTurn() throws Exception {
        List<Long> turns = new ArrayList<>();
        long startNanos = scheduler.nanoTime();
        for (int i = 0; i < 6; i++) {
            scheduler.start(
                    "caller-" + i,
                    () -> {
                        limiter.acquire(Deadline.NEVER);
                        return turns.add((scheduler.nanoTime() - startNanos) / 1_000_000);
                    });
        }

        scheduler.runUntilQuiet();

        assertThat(turns).containsExactly(0L, 0L, 0L, 500L, 1_000L, 1_500L);
    }

    @Test
    void acquireGivesUpAtOnceAndTakesNothingIfItsTurnComesTooLate() {
        for (int i = 0; i < 3; i++) {
            reserve();
        }
        Deadline soon = Deadline.after(scheduler, Duration.ofMillis(499));

        assertThatThrownBy(() -> limiter.acquire(soon)).isInstanceOf(TimeoutException.class);

        assertThat(reserve()).isEqualTo(500L);
    }

    @Test
    void namesFieldBoundAndValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimiter(scheduler, 0, 1))
                .withMessage("ratePerSecond: expected 0.001 to 1000000, found 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimiter(scheduler, 1, 0))
                .withMessage("burst: expected 1 to 1000000, found 0");
    }

    private long reserve() {
        return limiter.reserve().toMillis();
    }
}
