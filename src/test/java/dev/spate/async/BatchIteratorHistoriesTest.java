package dev.spate.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two producers that heed pressure, and an impatient consumer, in histories drawn from seeds. */
class BatchIteratorHistoriesTest {

    private static final int ELEMENTS_EACH = 60;

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000, 2_000, 3_000})
    void everyElementArrivesOnceInOrderAndWithinBounds(long firstSeed) throws Exception {
        for (long seed = firstSeed; seed < firstSeed + 250; seed++) {
            new History(seed).play();
        }
    }

    private static final class History implements BatchIterator.Pressure {

        private final String name;
        private final FakeScheduler scheduler;
        private final SplittableRandom random;
        private final BatchIterator.Limits limits;
        private final BatchIterator<Integer> batches;
        private final List<Integer> delivered = new ArrayList<>();
        private boolean isPaused;

        History(long seed) {
            name = "seed " + seed;
            scheduler = new FakeScheduler(seed);
            random = new SplittableRandom(seed);
            limits =
                    new BatchIterator.Limits(
                            1 + random.nextInt(8),
                            1 + random.nextInt(40),
                            Duration.ofMillis(random.nextInt(4)),
                            1 + random.nextInt(4));
            batches = new BatchIterator<>(limits, _ -> 5, scheduler, this);
        }

        void play() throws Exception {
            var even = scheduler.start("even", () -> produce(0)).result();
            var odd = scheduler.start("odd", () -> produce(1)).result();
            scheduler.start(
                    "closer",
                    () -> {
                        scheduler.await(Join.of(even, odd).map((a, b) -> a + b), Deadline.NEVER);
                        batches.close();
                        return "closed";
                    });

            scheduler.run(this::consume);

            assertThat(delivered).as(name).hasSize(2 * ELEMENTS_EACH);
            for (int parity = 0; parity < 2; parity++) {
                int wanted = parity;
                assertThat(delivered.stream().filter(n -> n % 2 == wanted))
                        .as(name)
                        .isSorted()
                        .doesNotHaveDuplicates();
            }
        }

        private int produce(int parity) throws InterruptedException {
            for (int i = 0; i < ELEMENTS_EACH; ) {
                while (isPaused) {
                    scheduler.sleep(Duration.ofMillis(1));
                }
                int burst = Math.min(ELEMENTS_EACH - i, 1 + random.nextInt(5));
                List<Integer> elements = new ArrayList<>();
                for (int j = 0; j < burst; j++, i++) {
                    elements.add(2 * i + parity);
                }
                batches.offerAll(elements);
                scheduler.sleep(Duration.ofMillis(random.nextInt(3)));
            }
            return ELEMENTS_EACH;
        }

        private String consume() throws Exception {
            while (true) {
                var asked = batches.next();
                Optional<Batch<Integer>> batch;
                try {
                    Duration patience = Duration.ofMillis(random.nextInt(4));
                    batch = scheduler.await(asked, Deadline.after(scheduler, patience));
                } catch (TimeoutException impatient) {
                    if (asked.cancel(false)) {
                        continue;
                    }
                    batch = asked.resultNow();
                }
                if (batch.isEmpty()) {
                    return "the end";
                }
                check(batch.get());
                scheduler.sleep(Duration.ofMillis(random.nextInt(3)));
            }
        }

        private void check(Batch<Integer> batch) {
            delivered.addAll(batch.elements());
            assertThat(batch.elements()).as(name).hasSizeLessThanOrEqualTo(limits.size());
            assertThat(batch.bytes()).as(name).isEqualTo(5L * batch.elements().size());
            if (batch.elements().size() > 1) {
                assertThat(batch.bytes()).as(name).isLessThanOrEqualTo(limits.bytesMax());
            }
            // A burst of five after the last word before the pause, from each producer.
            assertThat(batches.prefetched()).as(name).isLessThanOrEqualTo(limits.prefetch() + 10);
        }

        @Override
        public void pause() {
            assertThat(isPaused).as(name).isFalse();
            isPaused = true;
        }

        @Override
        public void resume() {
            assertThat(isPaused).as(name).isTrue();
            isPaused = false;
        }
    }
}
