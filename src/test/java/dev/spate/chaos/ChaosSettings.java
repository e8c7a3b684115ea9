package dev.spate.chaos;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a run is to be like.
 *
 * @param kills how many blows there are in all; 1 to 10,000
 * @param length for how long they come; at least 10 s
 * @param seed of the plan and the jobs
 * @param sessionTimeout after which the broker takes a silent worker for dead; 1 s to 1 min
 * @param adoptionMargin how much longer a shard may be without an owner
 * @param jobs how many; at least 1
 * @param directory for everything; kept if something is wrong
 */
public record ChaosSettings(
        int kills,
        Duration length,
        long seed,
        Duration sessionTimeout,
        Duration adoptionMargin,
        int jobs,
        Path directory) {

    static final int WORKERS = 3;

    public ChaosSettings {
        if (kills < 1 || kills > 10_000) {
            throw new IllegalArgumentException("kills: expected 1 to 10000, found " + kills);
        }
        if (length.compareTo(Duration.ofSeconds(10)) < 0) {
            throw new IllegalArgumentException("length: expected at least 10s, found " + length);
        }
        if (jobs < 1) {
            throw new IllegalArgumentException("jobs: expected at least 1, found " + jobs);
        }
    }

    /** The longest time from a blow to the next owner's taking up. */
    Duration adoptionMax() {
        return sessionTimeout.plus(adoptionMargin);
    }

    /** How to do the same again. */
    String command() {
        return "./lab chaos --kills %d --minutes %d --seed %d"
                .formatted(kills, Math.max(1, length.toMinutes()), seed);
    }
}
