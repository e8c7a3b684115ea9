package dev.spate.fleet;

import dev.spate.job.Bounds;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a worker treats machines.
 *
 * @param group the workers that share a journal and may touch each other's machines; 1 to 40
 *     letters, digits and {@code -}
 * @param loginUser whom Spate logs in as; made at the machine's first boot
 * @param zones the zones to launch in, in order of preference; empty leaves the choice to the cloud
 * @param machinesMax the most machines this worker has at a time, over all its shards; 1 to 10,000
 * @param machinesPerMinuteMax the most machines this worker launches per minute in the long run,
 *     and at once after a rest; 1 to 10,000
 * @param bootTimeout how long a machine may take from its launch to its first login
 * @param setupTimeout how long setup may take
 * @param leaseMargin how much longer than all its time limits together a machine may live
 * @param idleTime how long a released machine waits for another job; zero returns machines at once
 * @param pollPending how often to look, at most, at machines that are expected to change soon; ever
 *     less often the longer that takes
 * @param pollRunning how often to look at all others
 * @param notFoundGrace how long the cloud may say that it does not know a machine before that is
 *     believed
 * @param terminateLinger how long to gather machines for one terminate call
 * @param capacityRest how long a pool without capacity is left alone
 * @param quotaRest how long a market is left alone when the account's quota is used up
 * @param callTimeout how long one call to the cloud may take, repetitions included
 * @param retryPause how long to wait before asking the cloud again what could not be answered
 * @param sweep how to look for machines that belong to no job
 */
public record FleetSettings(
        String group,
        String loginUser,
        List<String> zones,
        int machinesMax,
        int machinesPerMinuteMax,
        Duration bootTimeout,
        Duration setupTimeout,
        Duration leaseMargin,
        Duration idleTime,
        Duration pollPending,
        Duration pollRunning,
        Duration notFoundGrace,
        Duration terminateLinger,
        Duration capacityRest,
        Duration quotaRest,
        Duration callTimeout,
        Duration retryPause,
        SweepSettings sweep) {

    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,39}");
    private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");
    private static final int MACHINES_MAX = 10_000;
    private static final Duration DAY = Duration.ofDays(1);

    public FleetSettings {
        zones = List.copyOf(zones);
        require(
                GROUP.matcher(group).matches(),
                "group: expected 1 to 40 letters, digits and '-', found " + group);
        require(
                USER.matcher(loginUser).matches(),
                "loginUser: expected a user's name, found " + loginUser);
        Bounds.require("machinesMax", machinesMax, 1, MACHINES_MAX);
        Bounds.require("machinesPerMinuteMax", machinesPerMinuteMax, 1, MACHINES_MAX);
        Bounds.require("bootTimeout", bootTimeout, Duration.ofSeconds(1), DAY);
        Bounds.require("setupTimeout", setupTimeout, Duration.ofSeconds(1), DAY);
        Bounds.require("leaseMargin", leaseMargin, Duration.ofMinutes(1), DAY);
        Bounds.require("idleTime", idleTime, Duration.ZERO, DAY);
        Bounds.require("pollPending", pollPending, Duration.ofMillis(10), Duration.ofMinutes(1));
        Bounds.require("pollRunning", pollRunning, Duration.ofMillis(10), Duration.ofMinutes(10));
        Bounds.require("notFoundGrace", notFoundGrace, Duration.ofSeconds(1), DAY);
        Bounds.require("terminateLinger", terminateLinger, Duration.ZERO, Duration.ofMinutes(1));
        Bounds.require("capacityRest", capacityRest, Duration.ofMillis(100), DAY);
        Bounds.require("quotaRest", quotaRest, Duration.ofMillis(100), DAY);
        Bounds.require("callTimeout", callTimeout, Duration.ofSeconds(1), Duration.ofMinutes(10));
        Bounds.require("retryPause", retryPause, Duration.ofMillis(100), Duration.ofMinutes(10));
    }

    /** The settings of a group that says nothing else. */
    public static FleetSettings defaults(String group) {
        return new FleetSettings(
                group,
                "spate",
                List.of(),
                500,
                1_000,
                Duration.ofMinutes(10),
                Duration.ofMinutes(30),
                Duration.ofMinutes(15),
                Duration.ofMinutes(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(15),
                Duration.ofMinutes(2),
                Duration.ofMillis(500),
                Duration.ofMinutes(3),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                SweepSettings.defaults());
    }

    /** The same with other limits on machines. */
    public FleetSettings withMachines(int max, int perMinuteMax) {
        return new FleetSettings(
                group,
                loginUser,
                zones,
                max,
                perMinuteMax,
                bootTimeout,
                setupTimeout,
                leaseMargin,
                idleTime,
                pollPending,
                pollRunning,
                notFoundGrace,
                terminateLinger,
                capacityRest,
                quotaRest,
                callTimeout,
                retryPause,
                sweep);
    }

    /** The same with other sweeps. */
    public FleetSettings with(SweepSettings other) {
        return new FleetSettings(
                group,
                loginUser,
                zones,
                machinesMax,
                machinesPerMinuteMax,
                bootTimeout,
                setupTimeout,
                leaseMargin,
                idleTime,
                pollPending,
                pollRunning,
                notFoundGrace,
                terminateLinger,
                capacityRest,
                quotaRest,
                callTimeout,
                retryPause,
                other);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
