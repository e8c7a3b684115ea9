package dev.spate.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(30)
class SystemSchedulerTest {

    private final SystemScheduler scheduler = new SystemScheduler();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void runsATimersAction() throws Exception {
        CompletableFuture<String> fired = new CompletableFuture<>();

        scheduler.schedule(Duration.ofMillis(1), () -> fired.complete("fired"));

        assertThat(scheduler.await(fired, soon())).isEqualTo("fired");
    }

    @Test
    void anActionThatThrowsDoesNotHarmTheNext() throws Exception {
        CompletableFuture<String> fired = new CompletableFuture<>();
        scheduler.schedule(
                Duration.ZERO,
                () -> {
                    throw new IllegalStateException("expected by the test");
                });

        scheduler.schedule(Duration.ofMillis(1), () -> fired.complete("fired"));

        assertThat(scheduler.await(fired, soon())).isEqualTo("fired");
    }

    @Test
    void startsNamedVirtualThreads() throws Exception {
        var task = scheduler.start("worker-7", Thread::currentThread);

        Thread thread = scheduler.await(task.result(), soon());

        assertThat(thread.isVirtual()).isTrue();
        assertThat(thread.getName()).isEqualTo("worker-7");
    }

    @Test
    void cancelInterruptsTheBodyAndTheResultSaysSo() {
        CountDownLatch running = new CountDownLatch(1);
        var task =
                scheduler.start(
                        "sleeper",
                        () -> {
                            running.countDown();
                            scheduler.sleep(Duration.ofHours(1));
                            return "slept";
                        });
        await(running);

        task.cancel();

        assertThatThrownBy(() -> scheduler.await(task.result(), soon()))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void cancellingTheResultInterruptsTheBody() {
        CountDownLatch running = new CountDownLatch(1);
        var task =
                scheduler.start(
                        "sleeper",
                        () -> {
                            running.countDown();
                            scheduler.sleep(Duration.ofHours(1));
                            return "slept";
                        });
        await(running);

        task.result().cancel(true);

        assertThatThrownBy(() -> scheduler.await(task.result(), soon()))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void logsAnErrorEvenIfSomebodyWaitsForTheResult() {
        Logger logger = (Logger) LoggerFactory.getLogger(VirtualTask.class);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        try {
            CountDownLatch asked = new CountDownLatch(1);
            var result =
                    scheduler
                            .start(
                                    "broken-7",
                                    () -> {
                                        await(asked);
                                        throw new NoClassDefFoundError("expected by the test");
                                    })
                            .result();
            asked.countDown();

            assertThatThrownBy(() -> scheduler.await(result, soon()))
                    .hasCauseInstanceOf(NoClassDefFoundError.class);
            assertThat(logged.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("broken-7 failed");
        } finally {
            logger.detachAppender(logged);
        }
    }

    @Test
    void awaitThrowsTheStagesFailureAsCause() {
        var failed = CompletableFuture.failedFuture(new IOException("broken pipe"));

        assertThatThrownBy(() -> scheduler.await(failed, soon()))
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void awaitGivesUpAtTheDeadlineAndLeavesTheStageAlone() {
        CompletableFuture<String> never = new CompletableFuture<>();

        assertThatThrownBy(
                        () ->
                                scheduler.await(
                                        never, Deadline.after(scheduler, Duration.ofMillis(5))))
                .isInstanceOf(TimeoutException.class);
        assertThat(never).isNotDone();
    }

    @Test
    void aSleepOfNoTimeStillAnswersInterruption() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> scheduler.sleep(Duration.ofMillis(-1)))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void theBatchLingerIsKeptInRealTime() throws Exception {
        var batches =
                new BatchIterator<String>(
                        new BatchIterator.Limits(100, 1_000, Duration.ofMillis(5), 1),
                        String::length,
                        scheduler,
                        BatchIterator.Pressure.none());

        batches.offerAll(List.of("a", "b"));

        assertThat(scheduler.await(batches.next(), soon()).orElseThrow().cut())
                .isEqualTo(Batch.Cut.LINGER);
    }

    private Deadline soon() {
        return Deadline.after(scheduler, Duration.ofSeconds(20));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
