package dev.spate.local;

import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Where a {@link SimulatedCloud} is, and the weather it begins with. Start from {@link #in(Path)}
 * and change what matters:
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
 * @param weather at first
 * @param keepsMachineDirectories whether a machine's directory outlives the machine, for reading
 *     what a job left
 */
public record CloudOptions(
        int port,
        String region,
        Path dataDirectory,
        int sshPort,
        long seed,
        Weather weather,
        boolean keepsMachineDirectories) {

    private static final Pattern REGION = Pattern.compile("[a-z]{2,20}(-[a-z0-9]{1,20}){1,3}");

    public CloudOptions {
        requirePort("port", port);
        requirePort("sshPort", sshPort);
        Objects.requireNonNull(dataDirectory, "dataDirectory");
        Objects.requireNonNull(weather, "weather");
        if (!REGION.matcher(region).matches()) {
            throw new IllegalArgumentException("region must match " + REGION + ", not " + region);
        }
    }

    /**
     * A quick and kind cloud in a directory: any free HTTP port, SSH on port 22 of the machines'
     * addresses, region {@code sim-1}, seed 1, {@link Weather#FAIR}, machine directories removed
     * with their machines.
     */
    public static CloudOptions in(Path dataDirectory) {
        return new CloudOptions(0, "sim-1", dataDirectory, 22, 1, Weather.FAIR, false);
    }

    /** The same at another HTTP port. */
    public CloudOptions withPort(int value) {
        return new CloudOptions(
                value, region, dataDirectory, sshPort, seed, weather, keepsMachineDirectories);
    }

    /** The same in another region. */
    public CloudOptions withRegion(String value) {
        return new CloudOptions(
                port, value, dataDirectory, sshPort, seed, weather, keepsMachineDirectories);
    }

    /** The same with another port for its machines. */
    public CloudOptions withSshPort(int value) {
        return new CloudOptions(
                port, region, dataDirectory, value, seed, weather, keepsMachineDirectories);
    }

    /** The same with other luck. */
    public CloudOptions withSeed(long value) {
        return new CloudOptions(
                port, region, dataDirectory, sshPort, value, weather, keepsMachineDirectories);
    }

    /** The same in another weather. */
    public CloudOptions with(Weather value) {
        return new CloudOptions(
                port, region, dataDirectory, sshPort, seed, value, keepsMachineDirectories);
    }

    /** The same, keeping the directories of machines or not. */
    public CloudOptions withKeepsMachineDirectories(boolean value) {
        return new CloudOptions(port, region, dataDirectory, sshPort, seed, weather, value);
    }

    /**
     * The same with one setting changed, by the name a command line would use for it: {@code
     * region}, {@code seed}, {@code keepsMachineDirectories}, and those of {@link WeatherSettings}.
     *
     * @throws IllegalArgumentException naming the setting, if it is unknown or its value is bad
     */
    public CloudOptions with(String name, String value) {
        return switch (name) {
            case "region" -> withRegion(value);
            case "seed" -> withSeed(WeatherSettings.number(name, value, Long::valueOf));
            case "keepsMachineDirectories" ->
                    withKeepsMachineDirectories(Boolean.parseBoolean(value));
            default -> with(weather.with(name, value));
        };
    }

    private static void requirePort(String name, int value) {
        if (value < 0 || value > 65_535) {
            throw new IllegalArgumentException(name + " must be 0 to 65535, not " + value);
        }
    }
}
