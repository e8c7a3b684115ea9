package dev.spate.job;

/**
 * How often a job may be tried again at its own expense. Failures of the infrastructure before the
 * job started do not count here.
 *
 * @param lost after a machine was lost while the job ran; 0 to 10
 * @param failed after the job itself failed or ran out of time; 0 to 10
 */
public record Retries(int lost, int failed) {

    private static final int MAX = 10;

    public Retries {
        require("lost", lost);
        require("failed", failed);
    }

    private static void require(String field, int value) {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException(
                    "retries." + field + ": expected 0 to " + MAX + ", found " + value);
        }
    }
}
