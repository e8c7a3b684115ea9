package dev.spate.metrics;

import java.time.Duration;

/** The upper bounds of histogram buckets: few, and where the decisions are. */
final class Buckets {

    private Buckets() {}

    /** For what takes milliseconds to seconds. */
    static final Duration[] CALLS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
    };

    /** For what takes seconds to hours. */
    static final Duration[] PHASES = {
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1),
        Duration.ofHours(4),
        Duration.ofHours(24),
    };

    /** For numbers of things taken together. */
    static final double[] SIZES = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000};
}
