package dev.spate.simulation;

import dev.spate.async.BatchIterator;
import dev.spate.engine.EngineSettings;
import dev.spate.fleet.FleetSettings;
import dev.spate.fleet.SweepSettings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What is drawn from a seed before anything happens. Times are short, so that much happens in
 * little time, but keep the order that they have in a worker's real settings.
 *
 * @param shards how many shards there are
 * @param workers how many workers share them
 * @param storm how long the weather is bad
 * @param faults what the weather does
 * @param isAbandoned whether at the end of the storm all workers die for good
 */
record Scenario(
        int shards,
        int workers,
        Duration storm,
        Set<Fault> faults,
        boolean isAbandoned,
        BatchIterator.Limits batches,
        FleetSettings fleet,
        EngineSettings engine) {

    /** A worker not heard of for so long is replaced. Longer than a confirmation is good for. */
    static final Duration SESSION = Duration.ofSeconds(12);

    /** The most that is left of a machine's life once nobody cares for it. */
    static final Duration LEASE_MAX = Duration.ofMinutes(10);

    /** One storm in so many is none. */
    private static final int CALM = 12;

    private static final int SCARCE = 4;

    private static final List<Double> DENSITIES = List.of(0.04, 0.12, 0.12, 0.3);

    Scenario {
        faults = faults.isEmpty() ? EnumSet.noneOf(Fault.class) : EnumSet.copyOf(faults);
    }

    static Scenario of(SplittableRandom random) {
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        double density =
                random.nextInt(CALM) == 0 ? 0 : DENSITIES.get(random.nextInt(DENSITIES.size()));
        for (Fault fault : Fault.values()) {
            if (random.nextDouble() < density) {
                faults.add(fault);
            }
        }
        int shards = 1 + random.nextInt(3);
        int workers = 1 + random.nextInt(3);
        Duration storm = Duration.ofSeconds(30 + random.nextInt(90));
        return new Scenario(
                shards,
                workers,
                storm,
                faults,
                random.nextInt(25) == 0,
                new BatchIterator.Limits(
                        1 + random.nextInt(4),
                        1 << 20,
                        Duration.ofMillis(20),
                        1 + random.nextInt(2)),
                fleet(random),
                engine(random, storm));
    }

    /** The most messages of a shard that may wait in a worker: waiting, open, handed over. */
    long unclaimedMax() {
        return (long) batches.size() * (batches.prefetch() + 3);
    }

    /** Whether jobs may have to wait for each other's machines. */
    boolean isRoomScarce() {
        return fleet.machinesMax() == SCARCE || fleet.machinesPerMinuteMax() < fleet.machinesMax();
    }

    private static FleetSettings fleet(SplittableRandom random) {
        FleetSettings all = FleetSettings.defaults("simulation");
        return new FleetSettings(
                all.group(),
                all.loginUser(),
                List.of(),
                random.nextInt(4) == 0 ? SCARCE : all.machinesMax(),
                random.nextInt(8) == 0 ? 20 : all.machinesPerMinuteMax(),
                Duration.ofSeconds(40),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                Duration.ofSeconds(random.nextInt(3) * 8L),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofMillis(200),
                Duration.ofSeconds(8),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                new SweepSettings(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(random.nextInt(3) * 5L),
                        Duration.ofSeconds(20),
                        1 + random.nextInt(5),
                        false));
    }

    private static EngineSettings engine(SplittableRandom random, Duration storm) {
        EngineSettings all = EngineSettings.defaults();
        return new EngineSettings(
                random.nextInt(4) == 0 ? 2 : 2_000,
                all.troubledMax(),
                all.launchesMax(),
                all.machineTimeMax(),
                all.headBytesMax(),
                all.tailBytesMax(),
                // So little that some outputs do not fit; now and then none at all.
                storm.toSecondsPart() % 3 * 8,
                all.dedupeWindow(),
                all.idsMax(),
                // Longer than a session: who was stopped for less has not missed anything.
                Duration.ofSeconds(15),
                Duration.ofMillis(500),
                Duration.ofSeconds(20));
    }
}
