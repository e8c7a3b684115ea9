package dev.spate.cli;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.web.Health;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when a worker gets ready and when it no longer is, and keeps saying why it is
 * not. Kafka's clients complain of a broker that is down once a second each; they are kept quiet,
 * and this is what is heard instead.
 */
final class ReadinessLog implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ReadinessLog.class);
    private static final Duration POLL = Duration.ofMillis(500);

    /** Being late by this much is nothing to be told at the start. */
    private static final Duration REPEAT = Duration.ofSeconds(15);

    private final Health health;
    private final Scheduler scheduler;
    private final Scheduler.Task<Void> task;

    private ReadinessLog(Health health, Scheduler scheduler) {
        this.health = health;
        this.scheduler = scheduler;
        this.task = scheduler.start("readiness-log", this::run);
    }

    /** Begins to look. */
    static ReadinessLog start(Health health, Scheduler scheduler) {
        return new ReadinessLog(health, scheduler);
    }

    @Override
    public void close() {
        task.cancel();
    }

    private Void run() throws InterruptedException {
        boolean wasReady = false;
        Deadline nextComplaint = Deadline.after(scheduler, REPEAT);
        while (true) {
            List<String> reasons = health.reasonsNotReady();
            boolean isReady = reasons.isEmpty();
            if (isReady && !wasReady) {
                log.info("Ready");
            } else if (!isReady && (wasReady || nextComplaint.hasPassed(scheduler))) {
                log.warn("Not ready: {}", String.join("; ", reasons));
                nextComplaint = Deadline.after(scheduler, REPEAT);
            }
            wasReady = isReady;
            scheduler.sleep(POLL);
        }
    }
}
