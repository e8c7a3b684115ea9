package dev.spate.kafka;

import dev.spate.job.ByteSize;
import dev.spate.job.MachineSpec;
import dev.spate.job.Market;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a message, or a profile, says of a machine. */
record MachineDraft(
        Optional<String> image,
        Optional<List<String>> types,
        Optional<Market> market,
        Optional<String> region,
        Optional<ByteSize> disk) {

    static final MachineDraft NOTHING =
            new MachineDraft(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    private static final Set<String> FIELDS = Set.of("image", "types", "market", "region", "disk");

    static MachineDraft read(Place place) {
        place.object(FIELDS);
        return new MachineDraft(
                place.field("image", image -> image.text(MachineDraft::requireImage)),
                place.field("types", MachineDraft::readTypes),
                place.field("market", market -> market.text(Market::parse)),
                place.field("region", region -> region.text(MachineDraft::requireRegion)),
                place.field("disk", disk -> disk.text(MachineDraft::readDisk)));
    }

    /** The same, and what it leaves open from the defaults. */
    MachineDraft over(MachineDraft defaults) {
        return new MachineDraft(
                image.or(defaults::image),
                types.or(defaults::types),
                market.or(defaults::market),
                region.or(defaults::region),
                disk.or(defaults::disk));
    }

    MachineSpec machine() {
        return new MachineSpec(
                image.orElseThrow(() -> missing("image")),
                types.orElseThrow(() -> missing("types")),
                market.orElseThrow(() -> missing("market")),
                region,
                disk);
    }

    private static IllegalArgumentException missing(String field) {
        return new IllegalArgumentException(field + ": expected a value, found none");
    }

    private static List<String> readTypes(Place place) {
        if (place.elements().isEmpty()) {
            throw place.expected("at least one machine type");
        }
        return place.elements(type -> type.text(MachineDraft::requireType));
    }

    // A spec around each value alone, so that a complaint can tell which one it is about.

    private static String requireType(String type) {
        return spec("any", type, Optional.empty(), Optional.empty()).types().getFirst();
    }

    private static String requireImage(String image) {
        return spec(image, "a.b", Optional.empty(), Optional.empty()).image();
    }

    private static String requireRegion(String region) {
        return spec("any", "a.b", Optional.of(region), Optional.empty()).region().orElseThrow();
    }

    private static ByteSize readDisk(String disk) {
        return spec("any", "a.b", Optional.empty(), Optional.of(ByteSize.parse(disk)))
                .disk()
                .orElseThrow();
    }

    private static MachineSpec spec(
            String image, String type, Optional<String> region, Optional<ByteSize> disk) {
        return new MachineSpec(image, List.of(type), Market.SPOT, region, disk);
    }
}
