package dev.spate.lab;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How long the same thing took, again and again. One thread at a time. */
final class Spans {

    private final List<Long> nanos = new ArrayList<>();

    void add(Duration took) {
        nanos.add(took.toNanos());
    }

    void add(Instant from, Instant to) {
        add(Duration.between(from, to));
    }

    /** The time that a share of all does not exceed. */
    double millis(double percent) {
        return Figures.percentileMillis(nanos, percent);
    }

    /** A line of a table: median and 99th percentile; dashes if there was none. */
    String line(String title) {
        return nanos.isEmpty()
                ? "  %-40s %8s %8s".formatted(title, "-", "-")
                : "  %-40s %8.0f %8.0f".formatted(title, millis(50), millis(99));
    }
}
