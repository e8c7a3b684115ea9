package dev.spate.board;

import dev.spate.job.Bounds;
import dev.spate.job.JobId;
import dev.spate.job.Outcome;
import java.util.Optional;
import java.util.Set;

/**
 * Which jobs a list has. An empty set lets everything through.
 *
 * @param stages how far they may have come
 * @param outcomes what may have become of them; those without an outcome are none of them
 * @param profiles the profiles they may have been made with
 * @param text must be a part of the id; small and capital letters are the same
 * @param after the place behind which the list begins
 * @param limit the most jobs in the list; 1 to 500
 */
public record JobFilter(
        Set<Stage> stages,
        Set<Outcome> outcomes,
        Set<String> profiles,
        Optional<String> text,
        Optional<Position> after,
        int limit) {

    /** The most jobs in one list. */
    public static final int LIMIT_MAX = 500;

    public JobFilter {
        stages = Set.copyOf(stages);
        outcomes = Set.copyOf(outcomes);
        profiles = Set.copyOf(profiles);
        Bounds.require("limit", limit, 1, LIMIT_MAX);
    }

    /** The newest of all jobs. */
    public static JobFilter newest(int limit) {
        return new JobFilter(
                Set.of(), Set.of(), Set.of(), Optional.empty(), Optional.empty(), limit);
    }

    /** Whether a job is let through, wherever the list begins. */
    public boolean admits(JobRow row) {
        return admits(row.id(), row.stage(), row.outcome(), row.profile());
    }

    boolean admits(JobId id, Stage stage, Optional<Outcome> outcome, String profile) {
        return (stages.isEmpty() || stages.contains(stage))
                && (outcomes.isEmpty() || outcome.filter(outcomes::contains).isPresent())
                && (profiles.isEmpty() || profiles.contains(profile))
                && (text.isEmpty() || containsIgnoringCase(id.value(), text.get()));
    }

    private static boolean containsIgnoringCase(String whole, String part) {
        for (int from = 0; from <= whole.length() - part.length(); from++) {
            if (whole.regionMatches(true, from, part, 0, part.length())) {
                return true;
            }
        }
        return false;
    }
}
