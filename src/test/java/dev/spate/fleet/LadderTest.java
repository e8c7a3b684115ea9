package dev.spate.fleet;

import static dev.spate.fleet.Samples.CATALOG;
import static dev.spate.fleet.Samples.price;
import static dev.spate.fleet.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.Market;
import dev.spate.job.Pool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LadderTest {

    @Test
    void beginsWithTheCheapestWhenAllPricesAreKnown() {
        assertThat(words(CATALOG, List.of(), Market.SPOT, "c7i.large", "t3.small"))
                .containsExactly(
                        "spot/t3.small/any",
                        "on-demand/t3.small/any",
                        "spot/c7i.large/any",
                        "on-demand/c7i.large/any");
    }

    @Test
    void keepsTheGivenOrderWhenAPriceIsMissing() {
        Catalog catalog =
                new Catalog(
                        Map.of(),
                        Map.of(
                                "c7i.large", price("", "0.03"),
                                "t3.small", price("0.02", "0.01")),
                        "eu-west-1");

        assertThat(words(catalog, List.of(), Market.SPOT, "c7i.large", "t3.small"))
                .containsExactly(
                        "spot/c7i.large/any",
                        "spot/t3.small/any",
                        "on-demand/c7i.large/any",
                        "on-demand/t3.small/any");
    }

    @Test
    void neverGoesToTheSpotMarketForAJobThatWantsOnDemand() {
        assertThat(words(CATALOG, List.of(), Market.ON_DEMAND, "c7i.large"))
                .containsExactly("on-demand/c7i.large/any");
    }

    @Test
    void takesTheZonesInTheirOrderAmongEqualPrices() {
        assertThat(words(CATALOG, List.of("b", "a"), Market.SPOT, "c7i.large"))
                .containsExactly(
                        "spot/c7i.large/b",
                        "spot/c7i.large/a",
                        "on-demand/c7i.large/b",
                        "on-demand/c7i.large/a");
    }

    private static List<String> words(
            Catalog catalog, List<String> zones, Market market, String... types) {
        return Ladder.pools(spec(market, types), catalog, zones).stream()
                .map(Pool::toString)
                .toList();
    }
}
