package dev.spate.job;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 90s}, {@code 30m}, {@code 1h30m}, {@code 250ms}, {@code
 * 2d}.
 */
public final class Durations {

    private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern WRITTEN = Pattern.compile("(?:" + PART.pattern() + ")+");

    private Durations() {}

    /**
     * Reads one or more whole numbers, each with a unit: {@code ms}, {@code s}, {@code m}, {@code
     * h} or {@code d}.
     */
    public static Duration parse(String text) {
        String written = text.strip();
        if (!WRITTEN.matcher(written).matches()) {
            throw new IllegalArgumentException(
                    "expected a duration with a unit, such as 90s or 1h30m, found "
                            + Text.quoted(text));
        }
        return PART.matcher(written)
                .results()
                .map(part -> part(Long.parseLong(part.group(1)), part.group(2)))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** As {@link #parse} reads it. Parts of a millisecond are dropped. */
    public static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        append(text, duration.toDaysPart(), "d");
        append(text, duration.toHoursPart(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long count, String unit) {
        if (count != 0) {
            text.append(count).append(unit);
        }
    }

    private static Duration part(long count, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
