package dev.spate.engine;

import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import java.util.List;
import java.util.OptionalLong;

/**
 * What becomes true at once, or not at all.
 *
 * @param records new latest records of jobs
 * @param forgotten jobs whose records are no longer needed
 * @param results results to publish
 * @param rejects messages to reject
 * @param consumedTo the offset after the last message that needs not be read again; empty if
 *     nothing was consumed
 */
public record Commit(
        List<JobRecord> records,
        List<JobId> forgotten,
        List<JobResult> results,
        List<Reject> rejects,
        OptionalLong consumedTo) {

    public Commit {
        records = List.copyOf(records);
        forgotten = List.copyOf(forgotten);
        results = List.copyOf(results);
        rejects = List.copyOf(rejects);
    }

    /** One job has come further. */
    public static Commit of(JobRecord record) {
        return new Commit(List.of(record), List.of(), List.of(), List.of(), OptionalLong.empty());
    }

    /** One job is settled. */
    public static Commit of(JobRecord record, JobResult result) {
        return new Commit(
                List.of(record), List.of(), List.of(result), List.of(), OptionalLong.empty());
    }
}
