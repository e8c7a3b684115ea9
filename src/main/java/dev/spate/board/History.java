package dev.spate.board;

import dev.spate.job.Failure;
import dev.spate.job.JobRecord;
import dev.spate.job.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How a job came where it is. Pure. */
final class History {

    /** The most moments kept of one job. */
    static final int MOMENTS_MAX = 50;

    /** How it began is never left out. */
    static final int FIRST_KEPT = 10;

    private static final int WHY_LENGTH_MAX = 200;

    private History() {}

    /** The history so far, and what the record adds to it. */
    static List<Moment> plus(List<Moment> history, JobRecord record, Instant at) {
        int attempt = record.state().attempt();
        Stage stage = Stage.of(record.state());
        boolean isSame =
                !history.isEmpty()
                        && history.getLast().stage() == stage
                        && history.getLast().attempt() == attempt;
        if (isSame) {
            return history;
        }
        List<Moment> more = new ArrayList<>(history);
        if (more.size() == MOMENTS_MAX) {
            more.remove(FIRST_KEPT);
        }
        more.add(new Moment(attempt, stage, at, JobRow.why(record.state()).map(History::brief)));
        return List.copyOf(more);
    }

    private static Failure brief(Failure why) {
        return why.message().length() <= WHY_LENGTH_MAX
                ? why
                : new Failure(why.kind(), Text.start(why.message(), WHY_LENGTH_MAX) + "…");
    }
}
