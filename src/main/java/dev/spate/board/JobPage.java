package dev.spate.board;

import dev.spate.job.JobRecord;
import dev.spate.job.Spent;
import dev.spate.job.Trace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All about one job.
 *
 * @param row in one line
 * @param shard its partition of the journal
 * @param job what was asked for
 * @param members those that have or had a machine in the latest attempt; empty before
 * @param history how it came where it is, oldest first; of a long one, some of the middle is left
 *     out
 * @param spent what it has used up
 * @param trace the trace context of its message
 */
public record JobPage(
        JobRow row,
        int shard,
        JobOutline job,
        List<MemberRow> members,
        List<Moment> history,
        Spent spent,
        Trace trace) {

    public JobPage {
        members = List.copyOf(members);
        history = List.copyOf(history);
    }

    /**
     * The page of a record: for who reads a shard's journal from its beginning, as the board does.
     *
     * @param before the page of the record before it under the same id; empty for the first
     * @param at when the record was written
     */
    public static JobPage next(Optional<JobPage> before, int shard, JobRecord record, Instant at) {
        return Pages.next(before, shard, record, at);
    }
}
