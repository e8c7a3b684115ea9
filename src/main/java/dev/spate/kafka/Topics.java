package dev.spate.kafka;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names of the topics.
 *
 * @param jobs job messages
 * @param journal the latest record of every job, in the partition of its job message
 * @param results one result for every job
 * @param rejects messages that could not be accepted
 * @param logs output of jobs while they run
 */
public record Topics(String jobs, String journal, String results, String rejects, String logs) {

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    public Topics {
        List<String> names = List.of(jobs, journal, results, rejects, logs);
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!ALLOWED.matcher(name).matches() || name.equals(".") || name.equals("..")) {
                throw new IllegalArgumentException(
                        "topics: expected 1 to 249 letters, digits, '.', '_' and '-', found \""
                                + name
                                + "\"");
            }
            if (!seen.add(name)) {
                throw new IllegalArgumentException("topics: " + name + " is named twice");
            }
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
