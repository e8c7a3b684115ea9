package dev.spate.fleet;

import static dev.spate.fleet.Samples.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.FakeScheduler;
import dev.spate.job.Failure;
import dev.spate.job.Market;
import dev.spate.job.Pool;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestingPoolsTest {

    private static final Pool SPOT = pool(Market.SPOT, "c7i.large", "a");
    private static final Pool OTHER_SPOT = pool(Market.SPOT, "c6i.large", "a");
    private static final Pool ON_DEMAND = pool(Market.ON_DEMAND, "c7i.large", "a");
    private static final Failure EMPTY = new Failure(Failure.Kind.CAPACITY, "no capacity");
    private static final Failure QUOTA = new Failure(Failure.Kind.QUOTA, "quota used up");

    private final FakeScheduler scheduler = new FakeScheduler();
    private final RestingPools resting = new RestingPools(Samples.settings().build(), scheduler);

    @Test
    void passesOverAPoolWithoutCapacityForThreeMinutes() {
        resting.failed(SPOT, EMPTY);

        assertThat(resting.first(List.of(SPOT, OTHER_SPOT))).contains(OTHER_SPOT);
        scheduler.advance(Duration.ofSeconds(179));
        assertThat(resting.first(List.of(SPOT))).isEmpty();
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(resting.first(List.of(SPOT, OTHER_SPOT))).contains(SPOT);
    }

    @Test
    void passesOverTheWholeMarketForAMinuteWhenItsQuotaIsUsedUp() {
        resting.failed(SPOT, QUOTA);

        assertThat(resting.first(List.of(SPOT, OTHER_SPOT, ON_DEMAND))).contains(ON_DEMAND);
        scheduler.advance(Duration.ofMinutes(1));
        assertThat(resting.first(List.of(SPOT))).contains(SPOT);
    }

    @Test
    void otherFailuresSendNoPoolToRest() {
        for (Failure.Kind kind : Failure.Kind.values()) {
            if (kind != Failure.Kind.CAPACITY && kind != Failure.Kind.QUOTA) {
                resting.failed(SPOT, new Failure(kind, "anything"));
            }
        }

        assertThat(resting.first(List.of(SPOT))).contains(SPOT);
    }

    @Test
    void tellsWhenTheFirstPoolComesBackAndWhatItLacked() {
        resting.failed(SPOT, EMPTY);
        scheduler.advance(Duration.ofMinutes(1));
        resting.failed(OTHER_SPOT, new Failure(Failure.Kind.CAPACITY, "later"));

        Plan.NotNow notNow = resting.notNow(List.of(OTHER_SPOT, SPOT));

        assertThat(notNow).isEqualTo(new Plan.NotNow(EMPTY, Duration.ofMinutes(2)));
    }

    @Test
    void aPoolWaitsForItselfAndForItsMarket() {
        resting.failed(SPOT, EMPTY);
        resting.failed(SPOT, QUOTA);

        assertThat(resting.notNow(List.of(SPOT)).pause()).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void aPoolThatHasComeBackSinceIsThereAtOnce() {
        resting.failed(SPOT, EMPTY);

        assertThat(resting.notNow(List.of(SPOT, ON_DEMAND)).pause()).isZero();
    }
}
