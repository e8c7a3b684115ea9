package dev.spate.config;

import dev.spate.job.ByteSize;
import dev.spate.job.Durations;
import dev.spate.job.Text;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A part of the configuration, read key by key: asking for a key declares it, with its default. A
 * value that cannot be read is noted as a mistake, and the default stands in for it so that reading
 * can go on.
 */
final class Section {

    /** What a record says of a component of its, or of one entry of that. */
    private static final Pattern NAMED =
            Pattern.compile("(?<field>[A-Za-z]+)(?<entry>(\\.[^:]+)?): (?<why>.*)", Pattern.DOTALL);

    private final Sources sources;
    private final String prefix;

    /** Keys, or entries of theirs, that cannot be: they are told, and then not read again. */
    private final Set<String> refused = new HashSet<>();

    /**
     * @param prefix the keys' common beginning, with its dot; empty for the topmost keys
     */
    Section(Sources sources, String prefix) {
        this.sources = sources;
        this.prefix = prefix;
    }

    String text(String key, String otherwise) {
        return value(key, otherwise, otherwise, Function.identity());
    }

    /** A value that need not be there. */
    Optional<String> optional(String key) {
        return value(
                key, "", Optional.empty(), text -> Optional.of(text).filter(t -> !t.isBlank()));
    }

    /** A value that has to be there. */
    String required(String key, String what, String placeholder) {
        Optional<String> found = optional(key);
        if (found.isEmpty()) {
            sources.mistake(
                    prefix + key,
                    "expected "
                            + what
                            + ", found nothing; set it as "
                            + Environment.variable(prefix + key)
                            + " or in the file");
        }
        return found.orElse(placeholder);
    }

    int integer(String key, int otherwise) {
        return value(
                key,
                Integer.toString(otherwise),
                otherwise,
                text -> parsed(text, "a whole number", Integer::valueOf));
    }

    double number(String key, double otherwise) {
        return value(
                key,
                Double.toString(otherwise),
                otherwise,
                text -> parsed(text, "a number", Double::valueOf));
    }

    boolean flag(String key, boolean otherwise) {
        return value(
                key,
                Boolean.toString(otherwise),
                otherwise,
                text ->
                        switch (text.strip().toLowerCase(Locale.ROOT)) {
                            case "true" -> true;
                            case "false" -> false;
                            default ->
                                    throw new IllegalArgumentException(
                                            "expected true or false, found " + Text.quoted(text));
                        });
    }

    Duration duration(String key, Duration otherwise) {
        return value(key, Durations.format(otherwise), otherwise, Durations::parse);
    }

    ByteSize size(String key, ByteSize otherwise) {
        return value(key, otherwise.toString(), otherwise, ByteSize::parse);
    }

    /** A size that has to fit an {@code int}. */
    int bytes(String key, int otherwise) {
        return value(
                key,
                new ByteSize(otherwise).toString(),
                otherwise,
                text -> {
                    long bytes = ByteSize.parse(text).bytes();
                    if (bytes > Integer.MAX_VALUE) {
                        throw new IllegalArgumentException(
                                "expected less than 2GiB, found " + Text.quoted(text));
                    }
                    return (int) bytes;
                });
    }

    /** Several values, separated by commas. */
    List<String> list(String key, List<String> otherwise) {
        return value(
                key,
                String.join(",", otherwise),
                otherwise,
                text ->
                        Arrays.stream(text.split(",", -1))
                                .map(String::strip)
                                .filter(part -> !part.isEmpty())
                                .toList());
    }

    /**
     * Values by names that are the user's: nested in the file, {@code name=value,name=value} in the
     * variable.
     */
    <T> Map<String, T> map(String key, BiFunction<String, String, T> parse) {
        Map<String, T> map = new TreeMap<>();
        sources.entries(prefix + key)
                .forEach(
                        (name, found) -> {
                            if (isRefused(key) || isRefused(key + "." + name)) {
                                return;
                            }
                            try {
                                map.put(name, parse.apply(name, found.text()));
                            } catch (IllegalArgumentException wrong) {
                                refused.add(key + "." + name);
                                sources.mistake(
                                        found.place(),
                                        prefix + key + "." + name,
                                        wrong.getMessage());
                            }
                        });
        return map;
    }

    /** Keys and values that are somebody else's to name. */
    Map<String, String> open(String key) {
        return sources.below(prefix + key).entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> e.getValue().text()));
    }

    /** Any other type, by a function that says what it expected. */
    <T> T value(String key, String written, T otherwise, Function<String, T> parse) {
        Optional<Found> found = sources.find(prefix + key, written);
        if (found.isEmpty() || isRefused(key)) {
            return otherwise;
        }
        try {
            return parse.apply(found.get().text());
        } catch (IllegalArgumentException wrong) {
            refused.add(key);
            sources.mistake(prefix + key, String.valueOf(wrong.getMessage()));
            return otherwise;
        }
    }

    /**
     * Makes the record from what it reads here. Its constructor has the last word: a key it refuses
     * is a mistake, and the record is made again without that key, to hear what else it refuses.
     *
     * @param record reads the section's keys and makes the record; called again and again
     */
    <T> T build(Supplier<T> record, T otherwise) {
        while (true) {
            try {
                return record.get();
            } catch (IllegalArgumentException wrong) {
                String message = String.valueOf(wrong.getMessage());
                Matcher named = NAMED.matcher(message);
                if (!named.matches()) {
                    sources.mistake(prefix.replaceAll("\\.$", ""), message);
                    return otherwise;
                }
                String key = key(named.group("field")) + named.group("entry");
                if (!refused.add(key)) {
                    return otherwise;
                }
                sources.mistake(prefix + key, named.group("why"));
            }
        }
    }

    private boolean isRefused(String key) {
        return refused.contains(key);
    }

    /** {@code leaseMargin} as keys are written: {@code lease-margin}. */
    private static String key(String component) {
        return component.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static <T> T parsed(String text, String expected, Function<String, T> parse) {
        try {
            return parse.apply(text.strip());
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException(
                    "expected " + expected + ", found " + Text.quoted(text), wrong);
        }
    }
}
