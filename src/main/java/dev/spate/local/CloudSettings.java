package dev.spate.local;

import dev.spate.local.CloudOptions.Bucket;
import dev.spate.local.CloudOptions.Delays;
import dev.spate.local.CloudOptions.Faults;
import dev.spate.local.CloudOptions.Limits;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of a {@link CloudOptions} by name, for command lines and configuration files.
 *
 * <table>
 * <caption>Names and values</caption>
 * <tr><th>name</th><th>value</th></tr>
 * <tr><td>{@code region}</td><td>such as {@code sim-1}</td></tr>
 * <tr><td>{@code seed}</td><td>a whole number</td></tr>
 * <tr><td>{@code keepsMachineDirectories}</td><td>{@code true} or {@code false}</td></tr>
 * <tr><td>{@code delays}</td><td>{@code short}, {@code none} or {@code lifelike}: all at once</td></tr>
 * <tr><td>{@code delays.pending}, {@code .boot}, {@code .shuttingDown}, {@code .terminatedVisible},
 *     {@code .readLag}, {@code .reply}</td><td>a duration: {@code 250ms}, {@code 2s}, {@code 1m}, {@code
 *     1h}</td></tr>
 * <tr><td>{@code delays.jitter}</td><td>0 to 1</td></tr>
 * <tr><td>{@code capacity.MARKET/TYPE/ZONE}</td><td>machines</td></tr>
 * <tr><td>{@code quota.on-demand}, {@code quota.spot}</td><td>vCPUs</td></tr>
 * <tr><td>{@code throttle.ACTION}</td><td>{@code RATE/BURST}: calls a second, calls at once</td></tr>
 * <tr><td>{@code faults.serverError}, {@code .lostReply}, {@code .failedBoot}, {@code .deadSshd},
 *     {@code .wrongHostKey}, {@code .badLogin}, {@code .spotInterruption}</td><td>0 to 1</td></tr>
 * <tr><td>{@code faults.spotInterruptionWithin}</td><td>a duration</td></tr>
 * </table>
 */
final class CloudSettings {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private CloudSettings() {}

    static CloudOptions apply(CloudOptions options, String name, String value) {
        try {
            int dot = name.indexOf('.');
            if (dot < 0) {
                return whole(options, name, value);
            }
            String rest = name.substring(dot + 1);
            return switch (name.substring(0, dot)) {
                case "delays" -> options.withDelays(delays(options.delays(), rest, value));
                case "capacity", "quota", "throttle" ->
                        options.withLimits(
                                limits(options.limits(), name.substring(0, dot), rest, value));
                case "faults" -> options.withFaults(faults(options.faults(), rest, value));
                default -> throw unknown(name);
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "cloud setting " + name + " is not a number: " + value, e);
        }
    }

    private static CloudOptions whole(CloudOptions options, String name, String value) {
        return switch (name) {
            case "region" -> options.withRegion(value);
            case "seed" -> options.withSeed(Long.parseLong(value));
            case "keepsMachineDirectories" ->
                    options.withKeepsMachineDirectories(Boolean.parseBoolean(value));
            case "delays" ->
                    options.withDelays(
                            switch (value.toLowerCase(Locale.ROOT)) {
                                case "short" -> Delays.SHORT;
                                case "none" -> Delays.NONE;
                                case "lifelike" -> Delays.LIFELIKE;
                                default ->
                                        throw new IllegalArgumentException(
                                                "delays must be short, none or lifelike, not "
                                                        + value);
                            });
            default -> throw unknown(name);
        };
    }

    private static Delays delays(Delays delays, String name, String value) {
        return switch (name) {
            case "pending" -> delays.withPending(duration(value));
            case "boot" -> delays.withBoot(duration(value));
            case "shuttingDown" -> delays.withShuttingDown(duration(value));
            case "terminatedVisible" -> delays.withTerminatedVisible(duration(value));
            case "readLag" -> delays.withReadLag(duration(value));
            case "reply" -> delays.withReply(duration(value));
            case "jitter" -> delays.withJitter(Double.parseDouble(value));
            default -> throw unknown("delays." + name);
        };
    }

    private static Limits limits(Limits limits, String kind, String name, String value) {
        return switch (kind + "." + name) {
            case "quota.on-demand" -> limits.withOnDemandVcpusMax(Integer.parseInt(value));
            case "quota.spot" -> limits.withSpotVcpusMax(Integer.parseInt(value));
            default ->
                    switch (kind) {
                        case "capacity" ->
                                limits.withCapacity(
                                        plus(limits.capacity(), name, Integer.valueOf(value)));
                        case "throttle" ->
                                limits.withThrottles(plus(limits.throttles(), name, bucket(value)));
                        default -> throw unknown(kind + "." + name);
                    };
        };
    }

    private static Faults faults(Faults faults, String name, String value) {
        double chance = name.endsWith("Within") ? 0 : Double.parseDouble(value);
        return switch (name) {
            case "serverError" -> faults.withServerError(chance);
            case "lostReply" -> faults.withLostReply(chance);
            case "failedBoot" -> faults.withFailedBoot(chance);
            case "deadSshd" -> faults.withDeadSshd(chance);
            case "wrongHostKey" -> faults.withWrongHostKey(chance);
            case "badLogin" -> faults.withBadLogin(chance);
            case "spotInterruption" ->
                    faults.withSpotInterruption(chance, faults.spotInterruptionWithin());
            case "spotInterruptionWithin" ->
                    faults.withSpotInterruption(faults.spotInterruption(), duration(value));
            default -> throw unknown("faults." + name);
        };
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "a duration is a number with ms, s, m or h, not " + text);
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    private static Bucket bucket(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("a throttle is RATE/BURST, not " + text);
        }
        return new Bucket(
                Double.parseDouble(text.substring(0, slash)),
                Integer.parseInt(text.substring(slash + 1)));
    }

    private static <V> Map<String, V> plus(Map<String, V> map, String key, V value) {
        Map<String, V> more = new HashMap<>(map);
        more.put(key, value);
        return more;
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("no cloud setting is called " + name);
    }
}
