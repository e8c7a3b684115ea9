package dev.spate.fleet;

import dev.spate.job.JobId;
import dev.spate.job.Member;

/**
 * Names one run on one machine: the job's, the member's, the attempt's. There is one run directory
 * for it, and it is started at most once.
 */
public record RunKey(JobId job, Member member, int attempt) {}
