package dev.spate.local;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Where there is room for how many. Pure: what is taken is counted from the live instances.
 *
 * @param limits capacities and quotas
 */
record Pools(Limits limits) {

    /**
     * Chooses the zone for a launch and how many instances it gets there: the one it names, or else
     * the first with room for most.
     *
     * @throws ApiException if there is no zone with room for {@code countMin}
     */
    Placement place(LaunchRequest launch, List<String> zones, Collection<Instance> instances) {
        List<Instance> live = instances.stream().filter(Instance::isLive).toList();
        int quota = roomInQuota(launch, live);
        if (quota < launch.countMin()) {
            throw quotaExceeded(launch);
        }
        List<String> candidates = launch.zone().map(List::of).orElse(zones);
        List<String> offered = candidates.stream().filter(launch.type()::isOfferedIn).toList();
        if (offered.isEmpty()) {
            throw ApiException.client(
                    "Unsupported",
                    "Your requested instance type (%s) is not supported in your requested Availability Zone (%s)."
                            .formatted(launch.type().name(), candidates.getFirst()));
        }
        Placement best = new Placement(offered.getFirst(), 0);
        for (String zone : offered) {
            int room = Math.min(roomInZone(launch, zone, live), quota);
            if (room > best.count()) {
                best = new Placement(zone, Math.min(room, launch.countMax()));
            }
        }
        if (best.count() < launch.countMin()) {
            throw ApiException.withStatus(
                    500,
                    "InsufficientInstanceCapacity",
                    "We currently do not have sufficient %s capacity in the Availability Zone you requested (%s)."
                            .formatted(launch.type().name(), best.zone()));
        }
        return best;
    }

    /** Where, and how many. */
    record Placement(String zone, int count) {}

    private int roomInZone(LaunchRequest launch, String zone, List<Instance> live) {
        int room = Integer.MAX_VALUE;
        for (Map.Entry<String, Integer> pool : limits.capacity().entrySet()) {
            if (names(pool.getKey(), launch, zone)) {
                long taken =
                        live.stream()
                                .filter(one -> names(pool.getKey(), one.launch(), one.zone()))
                                .count();
                room = (int) Math.min(room, Math.max(0, pool.getValue() - taken));
            }
        }
        return room;
    }

    private static boolean names(String pool, LaunchRequest launch, String zone) {
        String[] parts = pool.split("/", 3);
        return isOrAny(parts[0], launch.market())
                && isOrAny(parts[1], launch.type().name())
                && isOrAny(parts[2], zone);
    }

    private static boolean isOrAny(String pattern, String name) {
        return pattern.equals("*") || pattern.equals(name);
    }

    private int roomInQuota(LaunchRequest launch, List<Instance> live) {
        int most = launch.isSpot() ? limits.spotVcpusMax() : limits.onDemandVcpusMax();
        int taken =
                live.stream()
                        .filter(one -> one.launch().isSpot() == launch.isSpot())
                        .mapToInt(one -> one.launch().type().vcpus())
                        .sum();
        return Math.max(0, most - taken) / launch.type().vcpus();
    }

    private ApiException quotaExceeded(LaunchRequest launch) {
        return launch.isSpot()
                ? ApiException.client(
                        "MaxSpotInstanceCountExceeded", "Max spot instance count exceeded")
                : ApiException.client(
                        "VcpuLimitExceeded",
                        "You have requested more vCPU capacity than your current vCPU limit of %d allows for the instance bucket that the specified instance type belongs to."
                                .formatted(limits.onDemandVcpusMax()));
    }
}
