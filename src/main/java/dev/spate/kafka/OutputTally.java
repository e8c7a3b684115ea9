package dev.spate.kafka;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.engine.EngineEvents;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts output that was published and output that was lost, and says in one line when it begins to
 * be lost and in one when that is over. Safe for any thread.
 */
final class OutputTally {

    private static final Logger log = LoggerFactory.getLogger(OutputTally.class);

    /** Under overload, losing and publishing may take turns many times a second. */
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final EngineEvents events;
    private final Scheduler scheduler;

    // Guarded by this.
    private boolean isTold;
    private Deadline quiet;
    private long lostBytes;

    OutputTally(EngineEvents events, Scheduler scheduler) {
        this.events = events;
        this.scheduler = scheduler;
        this.quiet = Deadline.after(scheduler, Duration.ZERO);
    }

    void arrived(int bytes) {
        events.logged(bytes);
        long lost;
        synchronized (this) {
            if (!isTold) {
                return;
            }
            isTold = false;
            lost = lostBytes;
            lostBytes = 0;
        }
        log.info(
                "Output of jobs is published again; {} bytes of it were lost since that was told last",
                lost);
    }

    void lost(int bytes, String why) {
        events.logDropped(bytes);
        synchronized (this) {
            lostBytes += bytes;
            if (isTold || !quiet.hasPassed(scheduler)) {
                return;
            }
            isTold = true;
            quiet = Deadline.after(scheduler, QUIET);
        }
        log.warn("Output of jobs is not published for now, jobs go on: {}", why);
    }
}
