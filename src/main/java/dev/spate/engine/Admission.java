package dev.spate.engine;

import dev.spate.job.Failure;
import dev.spate.job.JobId;
import dev.spate.job.JobResult;
import dev.spate.job.Outcome;
import dev.spate.job.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * What a batch of messages asks for, given the jobs that are known already. Pure.
 *
 * @param accepted new jobs, in order
 * @param cancelled jobs that somebody asked not to be done, among the accepted and the known ones
 * @param duplicates how many messages said again what is known
 * @param rejects messages that cannot be carried out
 * @param results for those of the rejected messages whose job is told apart by its id
 * @param consumedTo the offset after the batch
 */
record Admission(
        List<Incoming.Submitted> accepted,
        Set<JobId> cancelled,
        int duplicates,
        List<Reject> rejects,
        List<JobResult> results,
        OptionalLong consumedTo) {

    /**
     * @param contentHashOf the content hash of a known job, empty for an unknown one
     * @param now when the results of rejected messages are made
     */
    static Admission of(
            List<Incoming> messages, Function<JobId, Optional<String>> contentHashOf, Instant now) {
        Map<JobId, Incoming.Submitted> accepted = new LinkedHashMap<>();
        Set<JobId> cancelled = new LinkedHashSet<>();
        List<Reject> rejects = new ArrayList<>();
        List<JobResult> results = new ArrayList<>();
        int duplicates = 0;
        long consumedTo = -1;
        for (Incoming message : messages) {
            consumedTo = Math.max(consumedTo, message.offset() + 1);
            switch (message) {
                case Incoming.Submitted submitted -> {
                    JobId id = submitted.job().id();
                    Optional<String> known =
                            Optional.ofNullable(accepted.get(id))
                                    .map(Incoming.Submitted::contentHash)
                                    .or(() -> contentHashOf.apply(id));
                    if (known.isEmpty()) {
                        accepted.put(id, submitted);
                    } else if (known.get().equals(submitted.contentHash())) {
                        duplicates++;
                    } else {
                        rejects.add(
                                new Reject(submitted.offset(), contradicts(id), submitted.raw()));
                    }
                }
                case Incoming.Cancelled cancel -> {
                    if (accepted.containsKey(cancel.id())
                            || contentHashOf.apply(cancel.id()).isPresent()) {
                        cancelled.add(cancel.id());
                    }
                }
                case Incoming.Malformed malformed -> {
                    rejects.add(new Reject(malformed.offset(), malformed.why(), malformed.raw()));
                    // A known job has, or will have, a result of its own.
                    malformed
                            .id()
                            .filter(
                                    id ->
                                            !accepted.containsKey(id)
                                                    && contentHashOf.apply(id).isEmpty())
                            .map(
                                    id ->
                                            rejected(
                                                    id,
                                                    malformed.why(),
                                                    malformed.publishedAt(),
                                                    malformed.trace(),
                                                    now))
                            .ifPresent(results::add);
                }
            }
        }
        return new Admission(
                List.copyOf(accepted.values()),
                cancelled,
                duplicates,
                rejects,
                results,
                consumedTo < 0 ? OptionalLong.empty() : OptionalLong.of(consumedTo));
    }

    /** The result of a job that was never one. */
    static JobResult rejected(
            JobId id, Failure why, Instant publishedAt, Trace trace, Instant now) {
        return new JobResult(
                id,
                0,
                Outcome.REJECTED,
                OptionalInt.empty(),
                Optional.of(why),
                List.of(),
                Map.of(),
                Duration.ZERO,
                Optional.empty(),
                publishedAt,
                Optional.empty(),
                now,
                trace);
    }

    private static Failure contradicts(JobId id) {
        return new Failure(
                Failure.Kind.INVALID,
                "id: job "
                        + id
                        + " is known with other content, and is not harmed; use another id");
    }
}
