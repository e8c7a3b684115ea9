package dev.spate.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ProgressTest {

    private final Progress progress = new Progress();

    @BeforeEach
    void assign() {
        progress.assigned(Set.of(0));
    }

    @Test
    void isBehindByWhatWasNotFetchedAndWhatWasNotProcessed() {
        progress.begun(0);
        progress.fetched(0, 900, 5_000, 5_099);
        assertThat(progress.behind()).isEqualTo(1_000);

        progress.processed(0, 5_049);
        assertThat(progress.behind()).isEqualTo(950);

        progress.fetched(0, 0, 5_100, 5_999);
        assertThat(progress.hasCaughtUp()).isFalse();
        progress.processed(0, 5_999);
        assertThat(progress.behind()).isZero();
        assertThat(progress.hasCaughtUp()).isTrue();
    }

    @Test
    void keepsWhatWasFetchedBeforeTheReadingBegins() {
        progress.fetched(0, 900, 5_000, 5_099);
        progress.begun(0);
        assertThat(progress.behind()).isEqualTo(1_000);

        progress.fetched(0, 0, -1, -1);
        assertThat(progress.hasCaughtUp()).isFalse();
    }

    @Test
    void forgetsWhatWasProcessedWhenTheReadingBeginsAnew() {
        progress.begun(0);
        progress.fetched(0, 0, 0, 99);
        progress.processed(0, 99);
        assertThat(progress.hasCaughtUp()).isTrue();

        progress.begun(0);
        assertThat(progress.hasCaughtUp()).isFalse();
        progress.fetched(0, 0, -1, -1);
        assertThat(progress.hasCaughtUp()).isTrue();
    }
}
