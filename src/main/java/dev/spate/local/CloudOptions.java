package dev.spate.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Everything that can be set about a {@link SimulatedCloud}: where it listens, how slow and how
 * stingy it is, and what goes wrong in it. Start from {@link #in(Path)} and change what matters:
 *
 * <pre>{@code
 * CloudOptions.in(Path.of("target/cloud"))
 *         .withSeed(7)
 *         .with("capacity.spot/c7i.large/sim-1a", "2")
 *         .with("faults.deadSshd", "0.05")
 * }</pre>
 *
 * <p>What is left to chance is drawn from the seed and from the names of what is drawn for (the
 * client token of a launch, the count of a call), so that the same seed and the same calls bring
 * the same misfortunes, whatever the timing.
 *
 * @param port of the HTTP endpoint on 127.0.0.1; 0 = any free one
 * @param region what the cloud calls itself; its zones are the region's name with a, b and c
 * @param dataDirectory holds {@code cloud.jsonl} (every call, every change of a machine and every
 *     opened SSH port, as JSON lines) and {@code machines/ID}, a directory per machine; created if
 *     absent. One cloud at a time
 * @param sshPort on which all machines listen, each at its own loopback address; 0 = one free port
 * @param seed of all chance
 * @param delays how long things take
 * @param limits what there is not enough of
 * @param faults what goes wrong
 * @param keepsMachineDirectories whether a machine's directory outlives the machine, for reading
 *     what a job left
 */
public record CloudOptions(
        int port,
        String region,
        Path dataDirectory,
        int sshPort,
        long seed,
        Delays delays,
        Limits limits,
        Faults faults,
        boolean keepsMachineDirectories) {

    private static final Pattern REGION = Pattern.compile("[a-z]{2,20}(-[a-z0-9]{1,20}){1,3}");

    public CloudOptions {
        requirePort("port", port);
        requirePort("sshPort", sshPort);
        Objects.requireNonNull(dataDirectory, "dataDirectory");
        Objects.requireNonNull(delays, "delays");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(faults, "faults");
        if (!REGION.matcher(region).matches()) {
            throw new IllegalArgumentException("region must match " + REGION + ", not " + region);
        }
    }

    /**
     * A quick and kind cloud in a directory: any free HTTP port, SSH on port 22 of the machines'
     * addresses, region {@code sim-1}, seed 1, {@link Delays#SHORT}, {@link Limits#GENEROUS},
     * {@link Faults#NONE}, machine directories removed with their machines.
     */
    public static CloudOptions in(Path dataDirectory) {
        return new CloudOptions(
                0,
                "sim-1",
                dataDirectory,
                22,
                1,
                Delays.SHORT,
                Limits.GENEROUS,
                Faults.NONE,
                false);
    }

    public CloudOptions withPort(int value) {
        return new CloudOptions(
                value,
                region,
                dataDirectory,
                sshPort,
                seed,
                delays,
                limits,
                faults,
                keepsMachineDirectories);
    }

    public CloudOptions withRegion(String value) {
        return new CloudOptions(
                port,
                value,
                dataDirectory,
                sshPort,
                seed,
                delays,
                limits,
                faults,
                keepsMachineDirectories);
    }

    public CloudOptions withSshPort(int value) {
        return new CloudOptions(
                port,
                region,
                dataDirectory,
                value,
                seed,
                delays,
                limits,
                faults,
                keepsMachineDirectories);
    }

    public CloudOptions withSeed(long value) {
        return new CloudOptions(
                port,
                region,
                dataDirectory,
                sshPort,
                value,
                delays,
                limits,
                faults,
                keepsMachineDirectories);
    }

    public CloudOptions withDelays(Delays value) {
        return new CloudOptions(
                port,
                region,
                dataDirectory,
                sshPort,
                seed,
                value,
                limits,
                faults,
                keepsMachineDirectories);
    }

    public CloudOptions withLimits(Limits value) {
        return new CloudOptions(
                port,
                region,
                dataDirectory,
                sshPort,
                seed,
                delays,
                value,
                faults,
                keepsMachineDirectories);
    }

    public CloudOptions withFaults(Faults value) {
        return new CloudOptions(
                port,
                region,
                dataDirectory,
                sshPort,
                seed,
                delays,
                limits,
                value,
                keepsMachineDirectories);
    }

    public CloudOptions withKeepsMachineDirectories(boolean value) {
        return new CloudOptions(
                port, region, dataDirectory, sshPort, seed, delays, limits, faults, value);
    }

    /**
     * The same with one setting changed, by the name a command line would use for it: {@link
     * CloudSettings} lists the names.
     *
     * @throws IllegalArgumentException naming the setting, if it is unknown or its value is bad
     */
    public CloudOptions with(String name, String value) {
        return CloudSettings.apply(this, name, value);
    }

    /**
     * How long things take.
     *
     * @param pending from the launch to the state {@code running}
     * @param boot from {@code running} to the start of {@code bootcmd}; sshd accepts when those
     *     commands have ended
     * @param shuttingDown from the state {@code shutting-down} to {@code terminated}
     * @param terminatedVisible how long a terminated machine is still described before its id is
     *     unknown
     * @param readLag how far what {@code DescribeInstances} and {@code TerminateInstances} see may
     *     lie behind: each machine has a fixed lag between zero and this
     * @param reply how long every API call takes at least
     * @param jitter by which fraction {@code pending} and {@code boot} vary about their value from
     *     machine to machine; 0 to 1
     */
    public record Delays(
            Duration pending,
            Duration boot,
            Duration shuttingDown,
            Duration terminatedVisible,
            Duration readLag,
            Duration reply,
            double jitter) {

        /** Half a second to run, one more to boot, and reads that lag by up to half a second. */
        public static final Delays SHORT =
                new Delays(
                        Duration.ofMillis(500),
                        Duration.ofMillis(1000),
                        Duration.ofMillis(500),
                        Duration.ofMinutes(10),
                        Duration.ofMillis(500),
                        Duration.ofMillis(5),
                        0.25);

        /** None at all; terminated machines are described for ten minutes. */
        public static final Delays NONE =
                new Delays(
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ofMinutes(10),
                        Duration.ZERO,
                        Duration.ZERO,
                        0);

        /** About what EC2 and a stock Ubuntu image take. */
        public static final Delays LIFELIKE =
                new Delays(
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(18),
                        Duration.ofSeconds(30),
                        Duration.ofHours(1),
                        Duration.ofSeconds(3),
                        Duration.ofMillis(60),
                        0.3);

        public Delays {
            requireNotNegative("pending", pending);
            requireNotNegative("boot", boot);
            requireNotNegative("shuttingDown", shuttingDown);
            requireNotNegative("terminatedVisible", terminatedVisible);
            requireNotNegative("readLag", readLag);
            requireNotNegative("reply", reply);
            requireFraction("jitter", jitter);
        }

        public Delays withPending(Duration value) {
            return new Delays(value, boot, shuttingDown, terminatedVisible, readLag, reply, jitter);
        }

        public Delays withBoot(Duration value) {
            return new Delays(
                    pending, value, shuttingDown, terminatedVisible, readLag, reply, jitter);
        }

        public Delays withShuttingDown(Duration value) {
            return new Delays(pending, boot, value, terminatedVisible, readLag, reply, jitter);
        }

        public Delays withTerminatedVisible(Duration value) {
            return new Delays(pending, boot, shuttingDown, value, readLag, reply, jitter);
        }

        public Delays withReadLag(Duration value) {
            return new Delays(pending, boot, shuttingDown, terminatedVisible, value, reply, jitter);
        }

        public Delays withReply(Duration value) {
            return new Delays(
                    pending, boot, shuttingDown, terminatedVisible, readLag, value, jitter);
        }

        public Delays withJitter(double value) {
            return new Delays(
                    pending, boot, shuttingDown, terminatedVisible, readLag, reply, value);
        }
    }

    /**
     * What there is not enough of.
     *
     * @param capacity how many machines a pool holds, by {@code market/type/zone}; {@code *} stands
     *     for any market, type or zone, and then the pools it names share the number. A pool that
     *     nothing names is bottomless. More than there is: {@code InsufficientInstanceCapacity}
     * @param onDemandVcpusMax the account's quota; more: {@code VcpuLimitExceeded}
     * @param spotVcpusMax the account's quota; more: {@code MaxSpotInstanceCountExceeded}
     * @param throttles a token bucket per action, {@code *} for every action without one of its
     *     own; an empty bucket: {@code RequestLimitExceeded}. Actions named by neither are not
     *     throttled
     */
    public record Limits(
            Map<String, Integer> capacity,
            int onDemandVcpusMax,
            int spotVcpusMax,
            Map<String, Bucket> throttles) {

        /** Every pool is bottomless, the quotas are a million, nothing is throttled. */
        public static final Limits GENEROUS = new Limits(Map.of(), 1_000_000, 1_000_000, Map.of());

        private static final Pattern POOL =
                Pattern.compile("(\\*|spot|on-demand)/(\\*|[a-z0-9.-]+)/(\\*|[a-z0-9-]+)");

        public Limits {
            capacity = Map.copyOf(capacity);
            throttles = Map.copyOf(throttles);
            requireAtLeastZero("onDemandVcpusMax", onDemandVcpusMax);
            requireAtLeastZero("spotVcpusMax", spotVcpusMax);
            capacity.forEach(
                    (pool, machines) -> {
                        if (!POOL.matcher(pool).matches()) {
                            throw new IllegalArgumentException(
                                    "capacity pool must be market/type/zone, not " + pool);
                        }
                        requireAtLeastZero("capacity " + pool, machines);
                    });
        }

        public Limits withCapacity(Map<String, Integer> value) {
            return new Limits(value, onDemandVcpusMax, spotVcpusMax, throttles);
        }

        public Limits withOnDemandVcpusMax(int value) {
            return new Limits(capacity, value, spotVcpusMax, throttles);
        }

        public Limits withSpotVcpusMax(int value) {
            return new Limits(capacity, onDemandVcpusMax, value, throttles);
        }

        public Limits withThrottles(Map<String, Bucket> value) {
            return new Limits(capacity, onDemandVcpusMax, spotVcpusMax, value);
        }
    }

    /**
     * A token bucket: one token a call.
     *
     * @param perSecond how fast it fills; above 0
     * @param burst how many tokens it holds, and holds at the start; at least 1
     */
    public record Bucket(double perSecond, int burst) {
        public Bucket {
            if (!(perSecond > 0) || burst < 1) {
                throw new IllegalArgumentException(
                        "a bucket needs perSecond above 0 and burst at least 1, not "
                                + perSecond
                                + " and "
                                + burst);
            }
        }
    }

    /**
     * What goes wrong, each as a chance from 0 (never) to 1 (always).
     *
     * @param serverError a call does nothing and answers {@code InternalError} (500)
     * @param lostReply a call is carried out, but its connection is closed instead of answered
     * @param failedBoot a machine goes from {@code pending} to {@code terminated} with {@code
     *     Server.InternalError}
     * @param deadSshd a machine runs but never listens
     * @param wrongHostKey a machine has a host key of its own instead of the planted one
     * @param badLogin a machine knows none of the planted users' keys
     * @param spotInterruption a spot machine is taken away with {@code
     *     Server.SpotInstanceTermination}, some time within {@code spotInterruptionWithin} of
     *     running
     * @param spotInterruptionWithin see there
     */
    public record Faults(
            double serverError,
            double lostReply,
            double failedBoot,
            double deadSshd,
            double wrongHostKey,
            double badLogin,
            double spotInterruption,
            Duration spotInterruptionWithin) {

        /** Nothing goes wrong. */
        public static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0, Duration.ofMinutes(5));

        public Faults {
            requireFraction("serverError", serverError);
            requireFraction("lostReply", lostReply);
            requireFraction("failedBoot", failedBoot);
            requireFraction("deadSshd", deadSshd);
            requireFraction("wrongHostKey", wrongHostKey);
            requireFraction("badLogin", badLogin);
            requireFraction("spotInterruption", spotInterruption);
            requireNotNegative("spotInterruptionWithin", spotInterruptionWithin);
        }

        public Faults withServerError(double value) {
            return new Faults(
                    value,
                    lostReply,
                    failedBoot,
                    deadSshd,
                    wrongHostKey,
                    badLogin,
                    spotInterruption,
                    spotInterruptionWithin);
        }

        public Faults withLostReply(double value) {
            return new Faults(
                    serverError,
                    value,
                    failedBoot,
                    deadSshd,
                    wrongHostKey,
                    badLogin,
                    spotInterruption,
                    spotInterruptionWithin);
        }

        public Faults withFailedBoot(double value) {
            return new Faults(
                    serverError,
                    lostReply,
                    value,
                    deadSshd,
                    wrongHostKey,
                    badLogin,
                    spotInterruption,
                    spotInterruptionWithin);
        }

        public Faults withDeadSshd(double value) {
            return new Faults(
                    serverError,
                    lostReply,
                    failedBoot,
                    value,
                    wrongHostKey,
                    badLogin,
                    spotInterruption,
                    spotInterruptionWithin);
        }

        public Faults withWrongHostKey(double value) {
            return new Faults(
                    serverError,
                    lostReply,
                    failedBoot,
                    deadSshd,
                    value,
                    badLogin,
                    spotInterruption,
                    spotInterruptionWithin);
        }

        public Faults withBadLogin(double value) {
            return new Faults(
                    serverError,
                    lostReply,
                    failedBoot,
                    deadSshd,
                    wrongHostKey,
                    value,
                    spotInterruption,
                    spotInterruptionWithin);
        }

        public Faults withSpotInterruption(double chance, Duration within) {
            return new Faults(
                    serverError,
                    lostReply,
                    failedBoot,
                    deadSshd,
                    wrongHostKey,
                    badLogin,
                    chance,
                    within);
        }
    }

    private static void requirePort(String name, int value) {
        if (value < 0 || value > 65_535) {
            throw new IllegalArgumentException(name + " must be 0 to 65535, not " + value);
        }
    }

    private static void requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, not " + value);
        }
    }

    private static void requireAtLeastZero(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must be 0 or more, not " + value);
        }
    }

    private static void requireFraction(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be from 0 to 1, not " + value);
        }
    }
}
