package dev.spate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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

    /** For those who ask for a job that is not there. */
    static String unknown(JobId id) {
        return "nobody knows of a job "
                + id
                + "; if it was refused, spate results "
                + id
                + " says why";
    }

    /** An id, for programs. */
    static String json(JobId id) {
        return JsonNodeFactory.instance.objectNode().put("id", id.value()).toString();
    }
}
