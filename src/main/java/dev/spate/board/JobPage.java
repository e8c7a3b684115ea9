package dev.spate.board;

import dev.spate.job.Spent;
import dev.spate.job.Trace;
import java.util.List;
import java.util.OptionalInt;

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
 * @param exitCode of the first member that did not exit with zero, or zero
 * @param trace the trace context of its message
 */
public record JobPage(
        JobRow row,
        int shard,
        JobOutline job,
        List<MemberRow> members,
        List<Moment> history,
        Spent spent,
        OptionalInt exitCode,
        Trace trace) {

    public JobPage {
        members = List.copyOf(members);
        history = List.copyOf(history);
    }
}
