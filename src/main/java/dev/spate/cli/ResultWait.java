package dev.spate.cli;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.config.Configuration;
import dev.spate.job.Durations;
import dev.spate.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Waits for the results of jobs.
 *
 * <p>A job that had its result before it was submitted again gets no second one: then the first is
 * the answer, as long as workers remember it.
 */
final class ResultWait {

    private static final Duration POLL = Duration.ofMillis(250);

    private final Configuration configuration;
    private final Scheduler scheduler;

    ResultWait(Configuration configuration, Scheduler scheduler) {
        this.configuration = configuration;
        this.scheduler = scheduler;
    }

    /**
     * A result, and whether it is of an earlier submission.
     *
     * @param isEarlier nothing was run for this submission
     */
    record Arrived(ResultsTopic.Published published, boolean isEarlier) {}

    /**
     * Hands over a result of each job as it comes. Blocks until they have all come.
     *
     * @param since when the jobs were submitted
     * @throws Refusal if some have not come for so long
     */
    void forEach(Set<JobId> ids, Instant since, Duration timeout, Consumer<Arrived> taker) {
        Set<JobId> missing = new TreeSet<>(ids);
        Deadline deadline = Deadline.after(scheduler, timeout);
        Instant forgotten = since.minus(configuration.engine().dedupeWindow());
        Map<JobId, ResultsTopic.Published> earlier = new HashMap<>();
        try (ResultsTopic topic = new ResultsTopic(configuration.kafka())) {
            topic.only(ids);
            Map<TopicPartition, Long> ends = topic.ends();
            while (!missing.isEmpty()) {
                if (deadline.hasPassed(scheduler)) {
                    throw late(missing, timeout);
                }
                for (ResultsTopic.Published published : topic.next(POLL)) {
                    JobId id = published.result().id();
                    if (!published.result().publishedAt().isBefore(since)) {
                        earlier.remove(id);
                        if (missing.remove(id)) {
                            taker.accept(new Arrived(published, false));
                        }
                    } else if (published.result().settledAt().isAfter(forgotten)) {
                        earlier.put(id, published);
                    }
                }
                if (topic.isAtEnd(ends)) {
                    earlier.forEach(
                            (id, published) -> {
                                if (missing.remove(id)) {
                                    taker.accept(new Arrived(published, true));
                                }
                            });
                }
            }
        }
    }

    static Refusal late(Set<JobId> missing, Duration timeout) {
        String first = missing.iterator().next().value();
        String others = missing.size() == 1 ? "" : " and " + (missing.size() - 1) + " more";
        return Refusal.failure(
                "no result for " + first + others + " within " + Durations.format(timeout));
    }
}
