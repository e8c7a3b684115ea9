package dev.spate.local;

import dev.spate.local.Limits.Bucket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of a {@link Weather} by name, for command lines and for changing it while the cloud
 * runs.
 *
 * <table>
 * <caption>Names and values</caption>
 * <tr><th>name</th><th>value</th></tr>
 * <tr><td>{@code delays}</td><td>{@code short}, {@code none} or {@code lifelike}: all at once</td></tr>
 * <tr><td>{@code delays.NAME}, for each {@link Delay}</td><td>a duration: {@code 250ms}, {@code
 *     2s}, {@code 1m}, {@code 1h}</td></tr>
 * <tr><td>{@code delays.jitter}</td><td>0 to 1</td></tr>
 * <tr><td>{@code capacity.MARKET/TYPE/ZONE}</td><td>machines</td></tr>
 * <tr><td>{@code quota.on-demand}, {@code quota.spot}</td><td>vCPUs</td></tr>
 * <tr><td>{@code throttle.ACTION}</td><td>{@code RATE/BURST}: calls a second, calls at once</td></tr>
 * <tr><td>{@code faults.NAME}, for each {@link Fault}</td><td>0 to 1</td></tr>
 * </table>
 */
public final class WeatherSettings {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private WeatherSettings() {}

    /**
     * A setting that can be made.
     *
     * @param name as on a command line
     * @param meaning in a line, with the values it takes
     */
    public record Line(String name, String meaning) {}

    /** All there are, for a command's help. */
    public static List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            lines.add(new Line("faults." + fault.word() + "=0..1", fault.meaning()));
        }
        lines.add(new Line("delays=short|none|lifelike", "all delays at once"));
        for (Delay delay : Delay.values()) {
            lines.add(new Line("delays." + delay.word() + "=TIME", delay.meaning()));
        }
        lines.add(
                new Line("delays.jitter=0..1", "how far pending and boot vary about their values"));
        lines.add(new Line("capacity.MARKET/TYPE/ZONE=N", "machines there are; * for any"));
        lines.add(new Line("quota.spot=N, quota.on-demand=N", "vCPUs the account may have"));
        lines.add(new Line("throttle.ACTION=RATE/BURST", "calls a second, calls at once; * any"));
        return lines;
    }

    static Weather apply(Weather weather, String name, String value) {
        int dot = name.indexOf('.');
        String rest = name.substring(dot + 1);
        return switch (dot < 0 ? name : name.substring(0, dot)) {
            case "delays" ->
                    weather.with(dot < 0 ? preset(value) : delays(weather.delays(), rest, value));
            case "capacity" -> weather.with(capacity(weather.limits(), rest, value));
            case "quota" -> weather.with(quota(weather.limits(), rest, value));
            case "throttle" -> weather.with(throttle(weather.limits(), rest, value));
            case "faults" ->
                    weather.with(
                            weather.faults()
                                    .with(
                                            Fault.named(rest).orElseThrow(() -> unknown(name)),
                                            number(name, value, Double::valueOf)));
            default -> throw unknown(name);
        };
    }

    private static Delays preset(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "short" -> Delays.SHORT;
            case "none" -> Delays.NONE;
            case "lifelike" -> Delays.LIFELIKE;
            default ->
                    throw new IllegalArgumentException(
                            "delays must be short, none or lifelike, not " + value);
        };
    }

    private static Delays delays(Delays delays, String name, String value) {
        if (name.equals("jitter")) {
            return delays.withJitter(number("delays.jitter", value, Double::valueOf));
        }
        Delay delay = Delay.named(name).orElseThrow(() -> unknown("delays." + name));
        return delays.with(delay, duration(value));
    }

    private static Limits capacity(Limits limits, String pool, String value) {
        return limits.withCapacity(
                plus(limits.capacity(), pool, number("capacity." + pool, value, Integer::valueOf)));
    }

    private static Limits quota(Limits limits, String market, String value) {
        int vcpus = number("quota." + market, value, Integer::valueOf);
        return switch (market) {
            case "on-demand" -> limits.withOnDemandVcpusMax(vcpus);
            case "spot" -> limits.withSpotVcpusMax(vcpus);
            default -> throw unknown("quota." + market);
        };
    }

    private static Limits throttle(Limits limits, String action, String value) {
        String[] parts = value.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("a throttle is RATE/BURST, not " + value);
        }
        String name = "throttle." + action;
        return limits.withThrottles(
                plus(
                        limits.throttles(),
                        action,
                        new Bucket(
                                number(name, parts[0], Double::valueOf),
                                number(name, parts[1], Integer::valueOf))));
    }

    static <N> N number(String name, String value, Function<String, N> parse) {
        try {
            return parse.apply(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "cloud setting " + name + " is not a number: " + value, e);
        }
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

    private static <V> Map<String, V> plus(Map<String, V> map, String key, V value) {
        Map<String, V> more = new HashMap<>(map);
        more.put(key, value);
        return more;
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("no cloud setting is called " + name);
    }
}
