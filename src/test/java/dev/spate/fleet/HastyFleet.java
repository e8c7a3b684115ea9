package dev.spate.fleet;

import dev.spate.async.Scheduler;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * A mistake for tests of the tests: a fleet that takes a machine for an orphan at first sight,
 * however young it is.
 */
public final class HastyFleet {

    private HastyFleet() {}

    /** The same as {@link Fleet}'s constructor, but for the two sightings and the age. */
    public static Fleet start(
            FleetSettings settings,
            Cloud cloud,
            Shells shells,
            MachineKeys keys,
            Scheduler scheduler,
            RandomGenerator random,
            FleetEvents events) {
        SweepSettings careful = settings.sweep();
        SweepSettings hasty =
                new SweepSettings(
                        careful.interval(),
                        Duration.ZERO,
                        careful.leaseGrace(),
                        careful.endsMax(),
                        careful.dryRun());
        return new Fleet(
                settings.with(hasty),
                Duration.ZERO,
                cloud,
                shells,
                keys,
                scheduler,
                random,
                events);
    }
}
