package dev.spate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Waits until jobs are done, for those who cannot read the results topic. */
final class JobWait {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final JobBook book;
    private final Scheduler scheduler;

    JobWait(JobBook book, Scheduler scheduler) {
        this.book = book;
        this.scheduler = scheduler;
    }

    /**
     * Hands over each job as it is when it is done, and the time. Blocks until all are.
     *
     * @throws Refusal if some are not within the timeout
     */
    void forEach(Set<JobId> ids, Duration timeout, BiConsumer<JsonNode, Instant> taker)
            throws InterruptedException {
        Set<JobId> missing = new TreeSet<>(ids);
        Deadline deadline = Deadline.after(scheduler, timeout);
        while (true) {
            for (JobId id : List.copyOf(missing)) {
                Optional<JsonNode> done = book.job(id).filter(job -> job.has("outcome"));
                if (done.isPresent() && missing.remove(id)) {
                    taker.accept(done.get(), scheduler.now());
                }
            }
            if (missing.isEmpty()) {
                return;
            }
            if (deadline.hasPassed(scheduler)) {
                throw ResultWait.late(missing, timeout);
            }
            scheduler.sleep(INTERVAL);
        }
    }
}
