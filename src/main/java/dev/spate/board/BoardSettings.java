package dev.spate.board;

import dev.spate.job.Bounds;
import dev.spate.job.ByteSize;
import java.time.Duration;

/**
 * What a board keeps, and where.
 *
 * @param isEnabled whether there is to be one at all
 * @param historyMax the most jobs with nothing left to do in one partition; beyond that the oldest
 *     are forgotten; 0 to 1,000,000
 * @param bytesMax how much memory all jobs of a worker may take; beyond that the oldest with
 *     nothing left to do are forgotten early, and of the others not much more is kept than what
 *     lists show; 1 MiB to 64 GiB
 * @param retention how long statistics are kept; 1 h to 30 days
 * @param replicas of the topics it keeps its state in; -1 leaves that to the brokers
 */
public record BoardSettings(
        boolean isEnabled, int historyMax, ByteSize bytesMax, Duration retention, int replicas) {

    private static final int HISTORY_MAX = 1_000_000;

    public BoardSettings {
        Bounds.require("historyMax", historyMax, 0, HISTORY_MAX);
        Bounds.require(
                "bytesMax",
                bytesMax.bytes(),
                ByteSize.ofMiB(1).bytes(),
                ByteSize.ofGiB(64).bytes());
        Bounds.require("retention", retention, Duration.ofHours(1), Duration.ofDays(30));
        if (replicas == 0) {
            throw new IllegalArgumentException("replicas: expected -1 or at least 1, found 0");
        }
        Bounds.require("replicas", replicas, -1, Short.MAX_VALUE);
    }

    /** What suits most. */
    public static BoardSettings defaults() {
        return new BoardSettings(true, 10_000, ByteSize.ofMiB(64), Duration.ofDays(1), -1);
    }
}
