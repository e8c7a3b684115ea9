package dev.spate.fleet;

import dev.spate.job.JobId;
import dev.spate.job.Member;

/**
 * Names one run on one machine: the job's, the member's, the attempt's. There is one run directory
 * for it, and it is started at most once.
 */
public record RunKey(JobId job, Member member, int attempt) {

    /** {@code build-7/main-0/1}. */
    @Override
    public String toString() {
        return job + "/" + member + "/" + attempt;
    }
}
