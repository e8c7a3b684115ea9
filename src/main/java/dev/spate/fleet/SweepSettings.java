package dev.spate.fleet;

import dev.spate.job.Durations;
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
        requireBetween("interval", interval, OwnedShards.CONFIRMED_FOR, DAY);
        requireBetween("ageMin", ageMin, Duration.ZERO, DAY);
        requireBetween("leaseGrace", leaseGrace, Duration.ZERO, DAY);
        if (endsMax < 1 || endsMax > Cloud.IDS_MAX) {
            throw new IllegalArgumentException(
                    "endsMax: expected 1 to " + Cloud.IDS_MAX + ", found " + endsMax);
        }
    }

    /** The settings of a worker that is told nothing else. */
    public static SweepSettings defaults() {
        return new SweepSettings(
                Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(5), 20, false);
    }

    private static void requireBetween(String field, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    field
                            + ": expected "
                            + Durations.format(min)
                            + " to "
                            + Durations.format(max)
                            + ", found "
                            + Durations.format(value));
        }
    }
}
