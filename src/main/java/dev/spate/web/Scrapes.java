package dev.spate.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The metrics, made four times a second at most however many ask: whoever asks in between gets the
 * latest. Blocks for as long as it takes to make them; safe for any thread.
 */
final class Scrapes {

    private static final Duration FRESH_FOR = Duration.ofMillis(250);

    private final Supplier<String> metrics;
    private final Scheduler scheduler;

    // Guarded by this.
    private byte[] latest = {};
    private Deadline until;

    Scrapes(Supplier<String> metrics, Scheduler scheduler) {
        this.metrics = metrics;
        this.scheduler = scheduler;
        this.until = Deadline.after(scheduler, Duration.ZERO);
    }

    /** Not to be changed. */
    synchronized byte[] get() {
        if (until.hasPassed(scheduler)) {
            latest = metrics.get().getBytes(UTF_8);
            until = Deadline.after(scheduler, FRESH_FOR);
        }
        return latest;
    }
}
