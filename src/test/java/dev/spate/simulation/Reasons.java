package dev.spate.simulation;

import dev.spate.job.Job;

/** What a job's own scripts may lead to. */
final class Reasons {

    private Reasons() {}

    /** Whether its setup fails wherever it is run. */
    static boolean hasFailed(Job job) {
        return job.roles().stream()
                .anyMatch(role -> role.setup().filter(text -> text.contains("fail")).isPresent());
    }
}
