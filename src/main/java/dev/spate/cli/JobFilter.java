package dev.spate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Which jobs are wanted; an empty list wants all.
 *
 * @param limit how many at most, newest first; 1 to 500
 */
record JobFilter(List<String> states, List<String> outcomes, List<String> profiles, int limit) {

    /** What the API tells at once. */
    static final int LIMIT_MAX = 500;

    JobFilter {
        states = List.copyOf(states);
        outcomes = List.copyOf(outcomes);
        profiles = List.copyOf(profiles);
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException(
                    "limit: expected 1 to " + LIMIT_MAX + ", found " + limit);
        }
    }

    /** Whether a job, as {@link JobTree} has it, is wanted. */
    boolean wants(JsonNode row) {
        return isAmong(states, row.path("state").asText())
                && isAmong(outcomes, row.path("outcome").asText())
                && isAmong(profiles, row.path("profile").asText());
    }

    private static boolean isAmong(List<String> wanted, String found) {
        return wanted.isEmpty() || wanted.contains(found);
    }
}
