package dev.spate.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RaceTest {

    static final Duration SECOND = Duration.ofSeconds(1);

    private final CompletableFuture<Integer> number = new CompletableFuture<>();
    private final CompletableFuture<String> word = new CompletableFuture<>();
    private final CompletableFuture<Boolean> flag = new CompletableFuture<>();
    private final CompletableFuture<Long> size = new CompletableFuture<>();

    @Test
    void theFirstToFinishWinsAndTheOthersAreCancelled() {
        CompletableFuture<Race.Of2<Integer, String>> race = Race.of(number, word);

        word.complete("mice");

        assertThat(describe(race.resultNow())).isEqualTo("a word, mice");
        assertThat(number).isCancelled();
    }

    @Test
    void eachOfThreeCanWin() {
        flag.complete(true);

        assertThat(Race.of(number, word, flag)).isCompletedWithValue(new Race.Of3.Third<>(true));
        assertThat(number).isCancelled();
        assertThat(word).isCancelled();
    }

    @Test
    void eachOfFourCanWin() {
        size.complete(9L);

        assertThat(Race.of(number, word, flag, size))
                .isCompletedWithValue(new Race.Of4.Fourth<>(9L));
    }

    @Test
    void theOneNamedFirstWinsIfAllAreDone() {
        number.complete(3);
        word.complete("mice");

        assertThat(Race.of(number, word)).isCompletedWithValue(new Race.Of2.First<>(3));
    }

    @Test
    void theRaceFailsIfTheFirstToFinishFailed() {
        CompletableFuture<Race.Of2<Integer, String>> race = Race.of(number, word);

        number.completeExceptionally(new IOException("no number"));

        assertThatThrownBy(race::get).hasCauseInstanceOf(IOException.class);
        assertThat(word).isCancelled();
    }

    @Test
    void cancellingTheRaceCancelsAll() {
        CompletableFuture<Race.Of2<Integer, String>> race = Race.of(number, word);

        race.cancel(true);

        assertThat(number).isCancelled();
        assertThat(word).isCancelled();
    }

    @Test
    void aLosingTaskIsInterrupted() {
        FakeScheduler scheduler = new FakeScheduler();
        var loser = scheduler.start("loser", () -> sleep(scheduler));
        var race = Race.of(loser.result(), word);
        scheduler.advance(SECOND);

        word.complete("mice");
        scheduler.advance(SECOND);

        assertThat(describe2(race.resultNow())).isEqualTo("mice");
        assertThat(loser.result()).isCancelled();
    }

    static String sleep(Scheduler scheduler) throws InterruptedException {
        scheduler.sleep(Duration.ofDays(1));
        return "slept";
    }

    private static String describe(Race.Of2<Integer, String> winner) {
        return switch (winner) {
            case Race.Of2.First(var number) -> "a number, " + number;
            case Race.Of2.Second(var word) -> "a word, " + word;
        };
    }

    private static String describe2(Race.Of2<String, String> winner) {
        return switch (winner) {
            case Race.Of2.First(var first) -> first;
            case Race.Of2.Second(var second) -> second;
        };
    }
}
