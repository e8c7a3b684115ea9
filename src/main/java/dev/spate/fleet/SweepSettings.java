package dev.spate.fleet;

import dev.spate.job.Bounds;
import java.time.Duration;

/**
 * How a worker looks for machines that belong to no job.
 *
 * @param interval how often; and how far apart the two sightings are that a machine needs to be
 *     ended; 10 s to 1 d
 * @param ageMin how old a machine has to be before it is looked at; at most 1 d
 * @param leaseGrace how long past its lease a machine that has a job may live; at most 1 d
 * @param endsMax the most machines ended in one sweep; 1 to 500
 * @param dryRun whether machines are only told of, and none is ended
 */
public record SweepSettings(
        Duration interval, Duration ageMin, Duration leaseGrace, int endsMax, boolean dryRun) {

    private static final Duration DAY = Duration.ofDays(1);

    public SweepSettings {
        Bounds.require("interval", interval, OwnedShards.CONFIRMED_FOR, DAY);
        Bounds.require("ageMin", ageMin, Duration.ZERO, DAY);
        Bounds.require("leaseGrace", leaseGrace, Duration.ZERO, DAY);
        Bounds.require("endsMax", endsMax, 1, Cloud.IDS_MAX);
    }

    /** The settings of a worker that is told nothing else. */
    public static SweepSettings defaults() {
        return new SweepSettings(
                Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(5), 20, false);
    }
}
