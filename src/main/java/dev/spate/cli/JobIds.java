package dev.spate.cli;

import dev.spate.job.JobId;

/** Ids as people type them. */
final class JobIds {

    private JobIds() {}

    static JobId parse(String text) {
        try {
            return new JobId(text);
        } catch (IllegalArgumentException wrong) {
            throw Refusal.usage(String.valueOf(wrong.getMessage()));
        }
    }
}
