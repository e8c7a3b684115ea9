package dev.spate.job;

import java.time.Duration;

/** Says which value is out of bounds, for constructors. */
public final class Bounds {

    private Bounds() {}

    /**
     * Accepts a number within bounds, both included.
     *
     * @throws IllegalArgumentException naming the field, its bounds and the value
     */
    public static void require(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw outside(field, Long.toString(min), Long.toString(max), Long.toString(value));
        }
    }

    /**
     * Accepts a duration within bounds, both included.
     *
     * @throws IllegalArgumentException naming the field, its bounds and the value
     */
    public static void require(String field, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw outside(
                    field, Durations.format(min), Durations.format(max), Durations.format(value));
        }
    }

    private static IllegalArgumentException outside(
            String field, String min, String max, String value) {
        return new IllegalArgumentException(
                field + ": expected " + min + " to " + max + ", found " + value);
    }
}
