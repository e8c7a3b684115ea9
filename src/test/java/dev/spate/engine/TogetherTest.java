package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.SystemScheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

final class TogetherTest {

    /** On real threads, for it is a matter of which of two callbacks comes first. */
    private static final int ROUNDS = 2_000;

    private static final Answer<Integer> FAILED =
            Answer.failed(Failure.Kind.INFRASTRUCTURE, "the last to end");

    @Test
    void seesTheFailureOfWhoeverEndsLast() throws InterruptedException {
        try (SystemScheduler scheduler = new SystemScheduler()) {
            List<Callable<Answer<Integer>>> bodies = List.of(() -> Answer.ok(1), () -> FAILED);
            for (int round = 0; round < ROUNDS; round++) {
                assertThat(Together.all(scheduler, "test", bodies)).isEqualTo(FAILED);
            }
        }
    }
}
