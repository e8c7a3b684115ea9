package dev.spate.fleet;

import dev.spate.job.MachineSpec;
import dev.spate.job.Market;
import dev.spate.job.Pool;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The pools that can serve a machine spec, in the order in which to try them. Pure. */
final class Ladder {

    private Ladder() {}

    /**
     * The pools for a spec, cheapest first if all their prices are known; among equals, and if a
     * price is missing, spot before on demand, then the spec's order of types, then the given order
     * of zones.
     *
     * @param zones empty leaves the zone to the cloud
     */
    static List<Pool> pools(MachineSpec spec, Catalog catalog, List<String> zones) {
        List<Market> markets =
                spec.market() == Market.SPOT
                        ? List.of(Market.SPOT, Market.ON_DEMAND)
                        : List.of(Market.ON_DEMAND);
        List<Pool> pools = new ArrayList<>();
        for (Market market : markets) {
            for (String type : spec.types()) {
                if (zones.isEmpty()) {
                    pools.add(new Pool(market, type, Optional.empty()));
                }
                zones.forEach(zone -> pools.add(new Pool(market, type, Optional.of(zone))));
            }
        }
        boolean hasPrices = pools.stream().allMatch(pool -> price(pool, catalog).isPresent());
        if (hasPrices) {
            // A stable sort keeps the order above among equal prices.
            pools.sort(Comparator.comparing(pool -> price(pool, catalog).orElseThrow()));
        }
        return pools;
    }

    /** What a machine from a pool costs in an hour, if known. */
    static Optional<BigDecimal> price(Pool pool, Catalog catalog) {
        return Optional.ofNullable(catalog.types().get(pool.type()))
                .flatMap(
                        type ->
                                switch (pool.market()) {
                                    case SPOT -> type.spotUsdPerHour();
                                    case ON_DEMAND -> type.onDemandUsdPerHour();
                                });
    }
}
