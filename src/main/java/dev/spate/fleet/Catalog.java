package dev.spate.fleet;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/**
 * What a batch of jobs needs to know of the cloud before it can be planned.
 *
 * @param imageIds the ids of the images asked for, by the names they were asked for; a name without
 *     an entry is unknown
 * @param types the machine types asked for; a type without an entry is unknown
 * @param region the region launches go to
 */
public record Catalog(Map<String, String> imageIds, Map<String, MachineType> types, String region) {

    public Catalog {
        imageIds = Map.copyOf(imageIds);
        types = Map.copyOf(types);
    }

    /**
     * What a machine type costs.
     *
     * @param onDemandUsdPerHour list price, if known
     * @param spotUsdPerHour the lowest present spot price over the zones, if known
     */
    public record MachineType(
            Optional<BigDecimal> onDemandUsdPerHour, Optional<BigDecimal> spotUsdPerHour) {}
}
