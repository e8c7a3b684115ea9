package dev.spate.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class FakeSchedulerTest {

    private final FakeScheduler scheduler = new FakeScheduler();

    @Test
    void timeJumpsToTheNextDeadlineWhenNobodyCanRun() throws Exception {
        long before = scheduler.nanoTime();

        scheduler.run(
                () -> {
                    scheduler.sleep(Duration.ofDays(300));
                    return "done";
                });

        assertThat(Duration.ofNanos(scheduler.nanoTime() - before)).isEqualTo(Duration.ofDays(300));
    }

    @Test
    void advancingRunsWhatIsDueAndNothingElse() {
        List<String> ran = new ArrayList<>();
        scheduler.schedule(Duration.ofMillis(20), () -> ran.add("due"));
        scheduler.schedule(Duration.ofMillis(21), () -> ran.add("later"));

        scheduler.advance(Duration.ofMillis(20));

        assertThat(ran).containsExactly("due");
    }

    @Test
    void aCancelledTimerDoesNotFire() {
        List<String> ran = new ArrayList<>();
        Scheduler.Timer timer = scheduler.schedule(Duration.ofMillis(20), () -> ran.add("fired"));

        timer.cancel();
        scheduler.runUntilQuiet();

        assertThat(ran).isEmpty();
    }

    @Test
    void aFutureCompletedByOneThreadWakesTheOthers() throws Exception {
        CompletableFuture<String> news = new CompletableFuture<>();
        var first = scheduler.start("first", () -> scheduler.await(news, Deadline.NEVER)).result();
        var second =
                scheduler.start("second", () -> scheduler.await(news, Deadline.NEVER)).result();

        scheduler.start("writer", () -> news.complete("read all about it"));
        scheduler.runUntilQuiet();

        assertThat(first.get()).isEqualTo("read all about it");
        assertThat(second.get()).isEqualTo("read all about it");
    }

    @Test
    void awaitGivesUpAtTheDeadlineAndLeavesTheFutureAlone() throws Exception {
        CompletableFuture<String> never = new CompletableFuture<>();

        var waiter =
                scheduler.start(
                        "waiter",
                        () ->
                                scheduler.await(
                                        never, Deadline.after(scheduler, Duration.ofSeconds(5))));

        CompletableFuture<String> result = waiter.result();
        scheduler.runUntilQuiet();
        assertThatThrownBy(result::get).hasCauseInstanceOf(TimeoutException.class);
        assertThat(never).isNotDone();
    }

    @Test
    void cancelInterruptsASleepAndTheResultSaysSo() {
        var sleeper =
                scheduler.start(
                        "sleeper",
                        () -> {
                            scheduler.sleep(Duration.ofHours(1));
                            return "slept";
                        });
        scheduler.advance(Duration.ofSeconds(1));

        sleeper.cancel();
        scheduler.advance(Duration.ZERO);

        assertThat(sleeper.result()).isCancelled();
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        assertThat(raceOfTen(7)).isEqualTo(raceOfTen(7));
    }

    @Test
    void otherSeedsGiveOtherHistories() {
        Set<List<Integer>> histories = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            histories.add(raceOfTen(seed));
        }

        assertThat(histories).hasSizeGreaterThan(90);
    }

    @Test
    void aStuckSystemNamesWhoWaits() {
        CompletableFuture<String> never = new CompletableFuture<>();
        scheduler.start("hopeful", () -> scheduler.await(never, Deadline.NEVER));

        assertThatThrownBy(() -> scheduler.runUntil(never::isDone, Duration.ofHours(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("stuck")
                .hasMessageContaining("hopeful (awaits)");
    }

    @Test
    void anUnobservedFailureSurfacesInTheTest() {
        scheduler.start(
                "unlucky",
                () -> {
                    throw new IllegalStateException("out of luck");
                });

        assertThatThrownBy(scheduler::runUntilQuiet)
                .isInstanceOf(AssertionError.class)
                .hasRootCauseMessage("out of luck");
    }

    @Test
    void aThrowingTimerSurfacesInTheTest() {
        scheduler.schedule(
                Duration.ZERO,
                () -> {
                    throw new IllegalStateException("out of luck");
                });

        assertThatThrownBy(scheduler::runUntilQuiet).hasRootCauseMessage("out of luck");
    }

    @Test
    void anObservedFailureIsTheObserversBusiness() {
        var result =
                scheduler
                        .start(
                                "unlucky",
                                () -> {
                                    throw new IllegalStateException("out of luck");
                                })
                        .result();

        scheduler.runUntilQuiet();

        assertThatThrownBy(result::get).hasRootCauseMessage("out of luck");
    }

    @Test
    void threadsThatRunInCirclesAreFound() {
        scheduler.start(
                "dizzy",
                () -> {
                    while (true) {
                        scheduler.sleep(Duration.ZERO);
                    }
                });

        assertThatThrownBy(scheduler::runUntilQuiet)
                .hasRootCauseInstanceOf(AssertionError.class)
                .hasStackTraceContaining("running in circles");
    }

    @Test
    void theDrivingThreadMayAwait() throws Exception {
        var answer =
                scheduler.start(
                        "oracle",
                        () -> {
                            scheduler.sleep(Duration.ofDays(75));
                            return 42;
                        });

        assertThat(scheduler.await(answer.result(), Deadline.NEVER)).isEqualTo(42);
    }

    @Test
    void theDrivingThreadsAwaitTimesOut() {
        CompletableFuture<String> never = new CompletableFuture<>();

        assertThatThrownBy(
                        () ->
                                scheduler.await(
                                        never, Deadline.after(scheduler, Duration.ofSeconds(1))))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void aCrashedProcessRunsNothingAnyMore() {
        List<String> ran = new ArrayList<>();
        FakeProcess worker = scheduler.process("worker-1");
        worker.start(
                "loop",
                () -> {
                    try {
                        worker.sleep(Duration.ofSeconds(2));
                        return ran.add("woke up");
                    } finally {
                        ran.add("cleaned up");
                    }
                });
        worker.schedule(Duration.ofSeconds(2), () -> ran.add("timer"));
        scheduler.schedule(Duration.ofSeconds(2), () -> ran.add("the world"));
        scheduler.advance(Duration.ofSeconds(1));

        worker.crash();
        scheduler.runUntilQuiet();

        assertThat(ran).containsExactly("the world");
    }

    @Test
    void aProcessMayCrashInTheMiddleOfItsOwnWork() {
        List<String> ran = new ArrayList<>();
        FakeProcess worker = scheduler.process("worker-1");
        worker.start(
                "suicidal",
                () -> {
                    try {
                        worker.crash();
                        return ran.add("went on");
                    } finally {
                        ran.add("cleaned up");
                    }
                });

        scheduler.runUntilQuiet();

        assertThat(ran).isEmpty();
        assertThat(scheduler.waiting()).isEmpty();
    }

    @Test
    void aPausedProcessGoesOnWhereItWasAndFindsItsTimersDue() {
        List<String> ran = new ArrayList<>();
        FakeProcess worker = scheduler.process("worker-1");
        worker.start(
                "sleeper",
                () -> {
                    worker.sleep(Duration.ofSeconds(1));
                    return ran.add("slept until " + scheduler.now().getEpochSecond() % 60);
                });
        worker.schedule(Duration.ofSeconds(2), () -> ran.add("timer"));
        scheduler.advance(Duration.ZERO);

        worker.pause();
        scheduler.advance(Duration.ofSeconds(30));
        assertThat(ran).isEmpty();
        worker.resume();
        scheduler.runUntilQuiet();

        assertThat(ran).containsExactlyInAnyOrder("slept until 30", "timer");
    }

    @Test
    void aPausedProcessThatCrashesNeverGoesOn() {
        List<String> ran = new ArrayList<>();
        FakeProcess worker = scheduler.process("worker-1");
        worker.schedule(Duration.ofSeconds(2), () -> ran.add("timer"));
        worker.pause();
        scheduler.advance(Duration.ofSeconds(30));

        worker.crash();
        worker.resume();
        scheduler.runUntilQuiet();

        assertThat(ran).isEmpty();
    }

    @Test
    void aFailureOfTheBodyIsThrownByRun() {
        assertThatThrownBy(
                        () ->
                                scheduler.run(
                                        () -> {
                                            throw new IllegalStateException("no");
                                        }))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("no");
    }

    private static List<Integer> raceOfTen(long seed) {
        FakeScheduler scheduler = new FakeScheduler(seed);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int runner = i;
            scheduler.start(
                    "runner-" + i,
                    () -> {
                        scheduler.sleep(Duration.ofMillis(runner % 3));
                        return order.add(runner);
                    });
        }
        scheduler.runUntilQuiet();
        return order;
    }
}
