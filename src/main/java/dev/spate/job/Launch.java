package dev.spate.job;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One call that starts machines for several jobs of one shard and one machine spec.
 *
 * <p>Everything that goes into the call follows from this record and the group's configuration, so
 * that any worker can make the same call again.
 *
 * @param token makes the call happen once
 * @param shard the partition of the jobs topic whose jobs the machines serve
 * @param spec what the jobs asked for
 * @param imageId the image's id, as resolved when the launch was planned
 * @param pool where the machines come from
 * @param count how many machines are wanted; fewer may come
 * @param lease how long each machine may live if nobody extends it, counted on the machine from its
 *     boot
 * @param expiresAt when that is by the planner's wall clock; told in the machines' tags
 * @param usdPerHour what one machine costs, if known
 */
public record Launch(
        LaunchToken token,
        int shard,
        MachineSpec spec,
        String imageId,
        Pool pool,
        int count,
        Duration lease,
        Instant expiresAt,
        Optional<BigDecimal> usdPerHour) {

    /** The most machines one launch asks for. */
    public static final int COUNT_MAX = 500;

    public Launch {
        if (count < 1 || count > COUNT_MAX) {
            throw new IllegalArgumentException(
                    "count: expected 1 to " + COUNT_MAX + ", found " + count);
        }
        if (shard < 0) {
            throw new IllegalArgumentException("shard: expected at least 0, found " + shard);
        }
        if (lease.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException(
                    "lease: expected at least 1m, found " + Durations.format(lease));
        }
    }
}
