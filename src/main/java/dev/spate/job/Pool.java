package dev.spate.job;

import java.util.Optional;

/**
 * Where machines come from: the unit in which a cloud has capacity, or has none.
 *
 * @param market how they are paid for
 * @param type the machine type
 * @param zone the zone; empty leaves the choice to the cloud
 */
public record Pool(Market market, String type, Optional<String> zone) {

    @Override
    public String toString() {
        return market.word() + "/" + type + "/" + zone.orElse("any");
    }
}
