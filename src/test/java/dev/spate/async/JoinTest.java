package dev.spate.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class JoinTest {

    private final CompletableFuture<Integer> number = new CompletableFuture<>();
    private final CompletableFuture<String> word = new CompletableFuture<>();
    private final CompletableFuture<Boolean> flag = new CompletableFuture<>();
    private final CompletableFuture<Long> size = new CompletableFuture<>();

    @Test
    void makesOneValueOfTwoOfDifferentTypes() {
        CompletableFuture<String> joined = Join.of(number, word).map((n, w) -> n + w);

        number.complete(3);
        assertThat(joined).isNotDone();
        word.complete(" mice");

        assertThat(joined).isCompletedWithValue("3 mice");
    }

    @Test
    void makesOneValueOfThree() {
        CompletableFuture<String> joined =
                Join.of(number, word, flag).map((n, w, f) -> n + w + ": " + f);

        flag.complete(true);
        number.complete(3);
        word.complete(" mice");

        assertThat(joined).isCompletedWithValue("3 mice: true");
    }

    @Test
    void makesOneValueOfFour() {
        CompletableFuture<String> joined =
                Join.of(number, word, flag, size).map((n, w, f, s) -> n + w + ": " + f + s);

        size.complete(9L);
        flag.complete(true);
        number.complete(3);
        word.complete(" mice");

        assertThat(joined).isCompletedWithValue("3 mice: true9");
    }

    @Test
    void theFirstFailureFailsTheResultAndCancelsTheOthers() {
        CompletableFuture<String> joined = Join.of(number, word).map((n, w) -> n + w);

        word.completeExceptionally(new IOException("no word"));

        assertThatThrownBy(joined::get)
                .hasCauseInstanceOf(IOException.class)
                .hasRootCauseMessage("no word");
        assertThat(number).isCancelled();
    }

    @Test
    void theFailureOfADerivedFutureComesUnwrapped() {
        CompletableFuture<String> joined =
                Join.of(number.thenApply(n -> n + 1), word).map((n, w) -> n + w);

        number.completeExceptionally(new IOException("no number"));

        assertThatThrownBy(joined::get).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aCancelledPartCancelsTheResultAndTheOthers() {
        CompletableFuture<String> joined = Join.of(number, word).map((n, w) -> n + w);

        number.cancel(true);

        assertThat(joined).isCancelled();
        assertThat(word).isCancelled();
    }

    @Test
    void cancellingTheResultCancelsAllParts() {
        CompletableFuture<String> joined = Join.of(number, word).map((n, w) -> n + w);

        joined.cancel(true);

        assertThat(number).isCancelled();
        assertThat(word).isCancelled();
    }

    @Test
    void aFailureOfTheFunctionIsTheFailureOfTheResult() {
        CompletableFuture<Integer> joined = Join.of(number, flag).map((n, _) -> 1 / n);

        number.complete(0);
        flag.complete(true);

        assertThatThrownBy(joined::get).hasCauseInstanceOf(ArithmeticException.class);
    }

    @Test
    void joinsAnyNumberInTheOrderOfTheParts() {
        CompletableFuture<Integer> other = new CompletableFuture<>();
        CompletableFuture<List<Integer>> joined = Join.all(List.of(number, other));

        other.complete(2);
        number.complete(1);

        assertThat(joined).isCompletedWithValue(List.of(1, 2));
    }

    @Test
    void joinsNothingAtOnce() {
        assertThat(Join.all(List.<CompletableFuture<String>>of())).isCompletedWithValue(List.of());
    }

    @Test
    void cancellingAJoinOfTasksInterruptsThem() {
        FakeScheduler scheduler = new FakeScheduler();
        var task = scheduler.start("sleeper", () -> RaceTest.sleep(scheduler));
        var joined = Join.of(task.result(), word).map((t, w) -> t + w);
        scheduler.advance(RaceTest.SECOND);

        joined.cancel(true);
        scheduler.advance(RaceTest.SECOND);

        assertThat(task.result()).isCancelled();
    }
}
