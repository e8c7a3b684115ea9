package dev.spate.web;

import dev.spate.job.Durations;
import dev.spate.job.Text;
import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A request's query. What is wrong with it becomes a refusal that names the parameter and says what
 * was expected.
 */
final class Parameters {

    static final String SCOPE = "scope";

    private static final String LOCAL = "local";
    private static final int VALUES_MAX = 20;
    private static final int LENGTH_MAX = 1_000;

    private final Map<String, List<String>> values;

    private Parameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Reads a query.
     *
     * @param known the parameters there may be
     */
    static Parameters of(Context context, Set<String> known) {
        Map<String, List<String>> values = context.queryParamMap();
        values.forEach(
                (name, given) -> {
                    if (!known.contains(name)) {
                        throw Refused.badRequest(
                                "%s: expected one of %s, found %s"
                                        .formatted(
                                                "query",
                                                known.stream().sorted().toList(),
                                                Text.quoted(name)));
                    }
                    if (given.size() > VALUES_MAX) {
                        throw Refused.badRequest(
                                "%s: expected at most %d values, found %d"
                                        .formatted(name, VALUES_MAX, given.size()));
                    }
                    if (given.stream().anyMatch(value -> value.length() > LENGTH_MAX)) {
                        throw Refused.badRequest(
                                name + ": expected at most " + LENGTH_MAX + " characters");
                    }
                });
        return new Parameters(values);
    }

    /** Whether only this worker is to be asked. */
    boolean isLocal() {
        return one(
                        SCOPE,
                        text -> {
                            if (!text.equals(LOCAL)) {
                                throw new IllegalArgumentException(
                                        "expected local, found " + Text.quoted(text));
                            }
                            return true;
                        })
                .orElse(false);
    }

    /** The same of a query that has not been looked at yet. */
    static boolean isLocal(Context context) {
        return LOCAL.equals(context.queryParam(SCOPE));
    }

    /** The value of a parameter that may be there once. */
    <T> Optional<T> one(String name, Function<String, T> parse) {
        List<String> given = values.getOrDefault(name, List.of());
        if (given.size() > 1) {
            throw Refused.badRequest(name + ": expected one value, found " + given.size());
        }
        return given.stream()
                .filter(text -> !text.isEmpty())
                .findFirst()
                .map(text -> parsed(name, text, parse));
    }

    /** The values of a parameter that may be repeated. */
    <T> Set<T> all(String name, Function<String, T> parse) {
        Set<T> all = new LinkedHashSet<>();
        for (String text : values.getOrDefault(name, List.of())) {
            if (!text.isEmpty()) {
                all.add(parsed(name, text, parse));
            }
        }
        return all;
    }

    /** A whole number within bounds, both included. */
    int number(String name, int min, int max, int otherwise) {
        return one(name, text -> number(text, min, max)).orElse(otherwise);
    }

    /** A duration within bounds, both included. */
    Duration duration(String name, Duration min, Duration max, Duration otherwise) {
        return one(name, text -> parseDuration(text, min, max)).orElse(otherwise);
    }

    /** The same query for another worker, which is to ask nobody else. */
    String forwarded() {
        List<String> parts = new ArrayList<>();
        values.forEach(
                (name, given) -> {
                    if (!name.equals(SCOPE)) {
                        given.forEach(value -> parts.add(encoded(name) + "=" + encoded(value)));
                    }
                });
        parts.add(SCOPE + "=" + LOCAL);
        return "?" + String.join("&", parts);
    }

    /** A whole number within bounds, both included. */
    static int number(String text, int min, int max) {
        String expected = "expected " + min + " to " + max + ", found " + Text.quoted(text);
        try {
            int number = Integer.parseInt(text);
            if (number < min || number > max) {
                throw new IllegalArgumentException(expected);
            }
            return number;
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException(expected, notOne);
        }
    }

    private static Duration parseDuration(String text, Duration min, Duration max) {
        Duration duration = Durations.parse(text);
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "expected %s to %s, found %s"
                            .formatted(
                                    Durations.format(min),
                                    Durations.format(max),
                                    Text.quoted(text)));
        }
        return duration;
    }

    private static <T> T parsed(String name, String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException wrong) {
            throw Refused.badRequest(name + ": " + wrong.getMessage());
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
