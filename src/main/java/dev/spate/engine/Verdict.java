package dev.spate.engine;

import dev.spate.job.Failure;
import dev.spate.job.JobRecord;
import dev.spate.job.Outcome;
import dev.spate.job.Retries;
import dev.spate.job.Spent;

/** What follows from an attempt's failure. Pure. */
sealed interface Verdict {

    /** The job gets another attempt. */
    record Again() implements Verdict {}

    /** The job is over. */
    record Over(Outcome outcome, Failure why) implements Verdict {}

    /**
     * @param record what the job has used up, this failure not included
     * @param why what the attempt failed with
     */
    static Verdict of(JobRecord record, Failure why, EngineSettings settings) {
        Verdict verdict = byKind(record, why, settings);
        boolean isUsedUp =
                record.spent().launches() >= settings.launchesMax()
                        && why.kind().owner() != Failure.Owner.CAPACITY;
        return verdict instanceof Again && isUsedUp
                ? over(
                        why,
                        "; given up after %d launches (launchesMax %d)"
                                .formatted(record.spent().launches(), settings.launchesMax()))
                : verdict;
    }

    private static Verdict byKind(JobRecord record, Failure why, EngineSettings settings) {
        Retries retries = record.job().retries();
        Spent spent = record.spent();
        return switch (why.kind()) {
            case LOST ->
                    spent.lost() < retries.lost()
                            ? new Again()
                            : over(why, spentAll("lost", retries.lost()));
            case JOB, TIMEOUT ->
                    spent.failed() < retries.failed()
                            ? new Again()
                            : over(why, spentAll("failed", retries.failed()));
            case INFRASTRUCTURE, SECURITY ->
                    spent.troubled() < settings.troubledMax()
                            ? new Again()
                            : over(why, "; given up after " + (spent.troubled() + 1) + " attempts");
            // Nothing was launched; the job's patience is the limit.
            case CAPACITY, QUOTA, THROTTLED -> new Again();
            case INVALID, CANCELLED, INTERNAL -> over(why, "");
        };
    }

    private static String spentAll(String which, int count) {
        return count == 0 ? "" : "; all retries spent (retries." + which + " " + count + ")";
    }

    private static Over over(Failure why, String remark) {
        return new Over(Outcome.of(why.kind()), new Failure(why.kind(), why.message() + remark));
    }
}
