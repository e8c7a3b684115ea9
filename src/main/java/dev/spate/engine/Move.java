package dev.spate.engine;

import dev.spate.job.JobState;
import dev.spate.job.MemberResult;
import dev.spate.job.Phase;
import dev.spate.job.Spent;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Where a job goes from one state, and what is to be recorded with it.
 *
 * @param next the state it comes to
 * @param spent all it has used up by then
 * @param phases the phases that ended on the way
 * @param members what came of each that had a machine, if the job is settled by this
 */
record Move(JobState next, Spent spent, Map<Phase, Duration> phases, List<MemberResult> members) {

    /** The job comes further, and has its result yet to come. */
    static Move to(JobState next, Spent spent, Map<Phase, Duration> phases) {
        return new Move(next, spent, phases, List.of());
    }
}
