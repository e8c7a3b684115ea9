package dev.spate.kafka;

import dev.spate.job.Text;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names of the topics.
 *
 * @param jobs job messages
 * @param journal the latest record of every job, in the partition of its job message
 * @param results one result for every job
 * @param rejects messages that could not be accepted
 * @param logs what runs write while they run, in the partition of their job
 */
public record Topics(String jobs, String journal, String results, String rejects, String logs) {

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    public Topics {
        Set<String> seen = new HashSet<>();
        require("jobs", jobs, seen);
        require("journal", journal, seen);
        require("results", results, seen);
        require("rejects", rejects, seen);
        require("logs", logs, seen);
    }

    private static void require(String field, String name, Set<String> seen) {
        if (!ALLOWED.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException(
                    field
                            + ": expected 1 to 249 letters, digits, '.', '_' and '-', found "
                            + Text.quoted(name));
        }
        if (!seen.add(name)) {
            throw new IllegalArgumentException(
                    field + ": expected a topic of its own, found " + name + " again");
        }
    }

    /** {@code spate.jobs} and so on, for the prefix {@code spate.}. */
    public static Topics prefixed(String prefix) {
        return new Topics(
                prefix + "jobs",
                prefix + "journal",
                prefix + "results",
                prefix + "rejects",
                prefix + "logs");
    }
}
