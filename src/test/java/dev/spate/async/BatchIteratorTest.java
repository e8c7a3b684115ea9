package dev.spate.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.async.Batch.Cut;
import dev.spate.async.BatchIterator.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchIteratorTest {

    private static final Duration LINGER = Duration.ofMillis(20);

    private final FakeScheduler scheduler = new FakeScheduler();
    private final PressureLog pressure = new PressureLog();

    @Test
    void cutsABatchWhenItHoldsAsManyElementsAsItMay() {
        var batches = iterator(new Limits(3, 1_000, LINGER, 4));

        batches.offerAll(List.of("a", "b", "c", "d"));

        assertThat(batches.next()).isCompletedWithValue(batch(Cut.SIZE, "a", "b", "c"));
        assertThat(batches.next()).isNotDone();
    }

    @Test
    void cutsABatchBeforeTheElementThatWouldMakeItTooLarge() {
        var batches = iterator(new Limits(100, 5, LINGER, 4));

        batches.offerAll(List.of("aa", "bb", "cc"));

        assertThat(batches.next()).isCompletedWithValue(batch(Cut.BYTES, "aa", "bb"));
    }

    @Test
    void cutsABatchThatIsExactlyFullAtOnce() {
        var batches = iterator(new Limits(100, 4, LINGER, 4));

        batches.offerAll(List.of("aa", "bb"));

        assertThat(batches.next()).isCompletedWithValue(batch(Cut.BYTES, "aa", "bb"));
    }

    @Test
    void anElementLargerThanABatchTravelsAlone() {
        var batches = iterator(new Limits(100, 4, LINGER, 4));

        batches.offerAll(List.of("a", "enormous", "b"));
        batches.close();

        assertThat(batches.next()).isCompletedWithValue(batch(Cut.BYTES, "a"));
        assertThat(batches.next()).isCompletedWithValue(batch(Cut.BYTES, "enormous"));
        assertThat(batches.next()).isCompletedWithValue(batch(Cut.CLOSE, "b"));
    }

    @Test
    void emitsPartialBatchWhenOldestElementReachesLinger() {
        var batches = iterator(new Limits(100, 1_000, LINGER, 4));
        var asked = batches.next();
        batches.offer("a");
        scheduler.advance(Duration.ofMillis(15));
        batches.offer("b");

        scheduler.advance(Duration.ofNanos(4_999_999));
        assertThat(asked).isNotDone();
        scheduler.advance(Duration.ofNanos(1));

        assertThat(asked).isCompletedWithValue(batch(Cut.LINGER, "a", "b"));
    }

    @Test
    void theLingerPassesWithNobodyAsking() {
        var batches = iterator(new Limits(100, 1_000, LINGER, 4));
        batches.offer("a");
        scheduler.advance(LINGER);
        batches.offer("b");

        scheduler.advance(LINGER);

        assertThat(batches.prefetched()).isEqualTo(2);
        assertThat(batches.next()).isCompletedWithValue(batch(Cut.LINGER, "a"));
        assertThat(batches.next()).isCompletedWithValue(batch(Cut.LINGER, "b"));
    }

    @Test
    void theLingerOfALaterBatchIsCountedFromItsOwnFirstElement() {
        var batches = iterator(new Limits(2, 1_000, LINGER, 4));
        batches.offerAll(List.of("a", "b"));
        scheduler.advance(Duration.ofMillis(10));
        batches.offer("c");

        scheduler.advance(Duration.ofMillis(19));
        assertThat(batches.prefetched()).isEqualTo(1);
        scheduler.advance(Duration.ofMillis(1));

        assertThat(batches.prefetched()).isEqualTo(2);
    }

    @Test
    void withoutLingerAWaitingConsumerGetsWhatThereIsAtOnce() {
        var batches = iterator(new Limits(100, 1_000, Duration.ZERO, 4));
        var asked = batches.next();

        batches.offerAll(List.of("a", "b"));

        assertThat(asked).isCompletedWithValue(batch(Cut.LINGER, "a", "b"));
    }

    @Test
    void withoutLingerWhatArrivesWhileNobodyAsksSharesABatch() {
        var batches = iterator(new Limits(100, 1_000, Duration.ZERO, 4));
        batches.offer("a");
        batches.offer("b");

        assertThat(batches.next()).isCompletedWithValue(batch(Cut.LINGER, "a", "b"));
    }

    @Test
    void pausesTheSourceWhenEnoughBatchesWait() {
        var batches = iterator(new Limits(1, 1_000, LINGER, 4));

        batches.offerAll(List.of("a", "b", "c"));
        assertThat(batches.isPaused()).isFalse();
        batches.offer("d");

        assertThat(batches.isPaused()).isTrue();
        assertThat(pressure.calls).containsExactly("pause");
    }

    @Test
    void resumesTheSourceOnlyWhenHalfOfTheBatchesAreGone() {
        var batches = iterator(new Limits(1, 1_000, LINGER, 4));
        batches.offerAll(List.of("a", "b", "c", "d"));

        assertThat(batches.next()).isDone();
        assertThat(pressure.calls).containsExactly("pause");
        assertThat(batches.next()).isDone();

        assertThat(pressure.calls).containsExactly("pause", "resume");
        assertThat(batches.isPaused()).isFalse();
    }

    @Test
    void losesNothingOfWhatIsOfferedAfterPause() {
        var batches = iterator(new Limits(1, 1_000, LINGER, 2));
        batches.offerAll(List.of("a", "b"));

        batches.offerAll(List.of("c", "d", "e"));
        batches.close();

        assertThat(drain(batches)).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void aSourceThatResumesByOfferingInsideTheCallIsNeitherLockedOutNorReordered() {
        List<String> calls = new ArrayList<>();
        List<BatchIterator<String>> self = new ArrayList<>();
        var greedy =
                new BatchIterator.Pressure() {
                    @Override
                    public void pause() {
                        calls.add("pause");
                    }

                    @Override
                    public void resume() {
                        calls.add("resume");
                        self.getFirst().offerAll(List.of("c", "d"));
                        calls.add("resumed");
                    }
                };
        var batches =
                new BatchIterator<String>(
                        new Limits(1, 1_000, LINGER, 2), String::length, scheduler, greedy);
        self.add(batches);
        batches.offerAll(List.of("a", "b"));

        assertThat(batches.next()).isDone();

        assertThat(calls).containsExactly("pause", "resume", "resumed", "pause");
    }

    @Test
    void aClosedIteratorTellsItsSourceNothing() {
        var batches = iterator(new Limits(1, 1_000, LINGER, 1));
        batches.offer("a");

        batches.close();
        drain(batches);

        assertThat(pressure.calls).containsExactly("pause");
    }

    @Test
    void aCancelledNextLosesNothing() {
        var batches = iterator(new Limits(1, 1_000, LINGER, 4));
        var withdrawn = batches.next();

        withdrawn.cancel(false);
        batches.offer("a");

        assertThat(batches.next()).isCompletedWithValue(batch(Cut.SIZE, "a"));
    }

    @Test
    void aTimedOutNextLosesNothing() {
        var batches = iterator(new Limits(1, 1_000, LINGER, 4));
        var withdrawn = batches.next();

        withdrawn.completeExceptionally(new TimeoutException());
        batches.offer("a");

        assertThat(batches.next()).isCompletedWithValue(batch(Cut.SIZE, "a"));
    }

    @Test
    void aNextWithdrawnWhileItIsBeingAnsweredLosesNothing() {
        // The source withdraws the question from inside pause(): the batch has left the queue
        // then, and the future is not completed yet.
        List<CompletableFuture<?>> asked = new ArrayList<>();
        var meddler =
                new BatchIterator.Pressure() {
                    @Override
                    public void pause() {
                        asked.getFirst().cancel(false);
                    }

                    @Override
                    public void resume() {}
                };
        var batches =
                new BatchIterator<String>(
                        new Limits(1, 1_000, LINGER, 1), String::length, scheduler, meddler);
        asked.add(batches.next());

        batches.offerAll(List.of("a", "b"));
        batches.close();

        assertThat(asked.getFirst()).isCancelled();
        assertThat(drain(batches)).containsExactly("a", "b");
    }

    @Test
    void flushesOnCloseWithoutWaitingForTheLinger() {
        var batches = iterator(new Limits(100, 1_000, LINGER, 4));
        batches.offer("a");

        batches.close();

        assertThat(batches.next()).isCompletedWithValue(batch(Cut.CLOSE, "a"));
        assertThat(batches.next()).isCompletedWithValue(Optional.empty());
        assertThat(batches.next()).isCompletedWithValue(Optional.empty());
    }

    @Test
    void aPendingNextLearnsOfTheEnd() {
        var batches = iterator(new Limits(100, 1_000, LINGER, 4));
        var asked = batches.next();

        batches.close();

        assertThat(asked).isCompletedWithValue(Optional.empty());
    }

    @Test
    void takesNothingAfterClose() {
        var batches = iterator(new Limits(100, 1_000, LINGER, 4));

        batches.close();

        assertThat(batches.offer("a")).isFalse();
        assertThat(batches.offerAll(List.of("a", "b"))).isFalse();
        assertThat(drain(batches)).isEmpty();
    }

    @Test
    void aFailureOfTheSourceComesAfterAllGoodElements() {
        var batches = iterator(new Limits(2, 1_000, LINGER, 4));
        batches.offerAll(List.of("a", "b", "c"));

        batches.fail(new IOException("broken pipe"));

        assertThat(batches.next()).isCompletedWithValue(batch(Cut.SIZE, "a", "b"));
        assertThat(batches.next()).isCompletedWithValue(batch(Cut.CLOSE, "c"));
        assertThatThrownBy(batches.next()::get).hasRootCauseMessage("broken pipe");
        assertThatThrownBy(batches.next()::get).hasRootCauseMessage("broken pipe");
    }

    @Test
    void aPendingNextLearnsOfAFailure() {
        var batches = iterator(new Limits(2, 1_000, LINGER, 4));
        var asked = batches.next();

        batches.fail(new IOException("broken pipe"));

        assertThatThrownBy(asked::get).hasRootCauseMessage("broken pipe");
    }

    @Test
    void deliversABurstOfAHundredThousandInOrder() {
        var batches = iterator(new Limits(500, Long.MAX_VALUE, LINGER, 4));
        List<String> burst = IntStream.range(0, 100_000).mapToObj(Integer::toString).toList();

        batches.offerAll(burst);
        batches.close();

        assertThat(drain(batches)).isEqualTo(burst);
    }

    @Test
    void refusesASecondNextWhileOneIsPending() {
        var batches = iterator(new Limits(2, 1_000, LINGER, 4));
        var asked = batches.next();

        assertThatIllegalStateException().isThrownBy(batches::next);

        batches.offerAll(List.of("a", "b"));
        assertThat(asked).isCompletedWithValue(batch(Cut.SIZE, "a", "b"));
    }

    @Test
    void aDependentMayAskForTheNextBatch() {
        var batches = iterator(new Limits(1, 1_000, LINGER, 4));
        var second = batches.next().thenCompose(_ -> batches.next());

        batches.offerAll(List.of("a", "b"));

        assertThat(second).isCompletedWithValue(batch(Cut.SIZE, "b"));
    }

    @Test
    void takesNoneOfABurstThatCannotBeMeasured() {
        var batches =
                new BatchIterator<Integer>(
                        new Limits(10, 1_000, LINGER, 4), n -> n, scheduler, pressure);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> batches.offerAll(List.of(1, -2, 3)))
                .withMessage("sizeOf: expected at least 0, found -2");
        batches.close();

        assertThat(batches.next()).isCompletedWithValue(Optional.empty());
    }

    @Test
    void limitsNameFieldBoundAndValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Limits(0, 1, LINGER, 1))
                .withMessage("size: expected at least 1, found 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Limits(1, 0, LINGER, 1))
                .withMessage("bytesMax: expected at least 1, found 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Limits(1, 1, Duration.ofHours(2), 1))
                .withMessage("linger: expected PT0S to PT1H, found PT2H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Limits(1, 1, LINGER, 0))
                .withMessage("prefetch: expected at least 1, found 0");
    }

    private BatchIterator<String> iterator(Limits limits) {
        return new BatchIterator<>(limits, String::length, scheduler, pressure);
    }

    private static Optional<Batch<String>> batch(Cut cut, String... elements) {
        long bytes = List.of(elements).stream().mapToLong(String::length).sum();
        return Optional.of(new Batch<>(List.of(elements), bytes, cut));
    }

    /** All that is left of a closed iterator. */
    private static List<String> drain(BatchIterator<String> batches) {
        List<String> elements = new ArrayList<>();
        Optional<Batch<String>> batch = batches.next().join();
        while (batch.isPresent()) {
            elements.addAll(batch.get().elements());
            batch = batches.next().join();
        }
        return elements;
    }

    private static final class PressureLog implements BatchIterator.Pressure {
        final List<String> calls = new ArrayList<>();

        @Override
        public void pause() {
            calls.add("pause");
        }

        @Override
        public void resume() {
            calls.add("resume");
        }
    }
}
