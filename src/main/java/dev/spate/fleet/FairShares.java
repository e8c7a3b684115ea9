package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Who may have how many machines while there are not enough for all shards: every shard may have
 * its share, and what the others do not want of theirs. Not safe for several threads: guarded by
 * the lock under which machines are counted, so that there is one lock and no order to keep.
 */
final class FairShares {

    private final int machinesMax;
    private final Duration patience;
    private final IntUnaryOperator inUse;
    private final Scheduler scheduler;
    private final Map<Integer, Want> wants = new HashMap<>();

    /** What a shard lacks, for as long as it can be expected to ask again if it still does. */
    private record Want(int machines, Deadline until) {}

    /**
     * @param patience how long a shard's want is remembered
     * @param inUse how many machines a shard has or has asked for
     */
    FairShares(int machinesMax, Duration patience, IntUnaryOperator inUse, Scheduler scheduler) {
        this.machinesMax = machinesMax;
        this.patience = patience;
        this.inUse = inUse;
        this.scheduler = scheduler;
    }

    /** A shard has asked for machines, and so many were refused for want of room. */
    void wants(int shard, int machines) {
        if (machines == 0) {
            wants.remove(shard);
        } else {
            wants.put(shard, new Want(machines, Deadline.after(scheduler, patience)));
        }
    }

    /** How many machines are due to shards other than this, which have less than their share. */
    int dueToOthers(int shard, int shards) {
        wants.values().removeIf(want -> want.until().hasPassed(scheduler));
        int due = 0;
        for (Map.Entry<Integer, Want> want : wants.entrySet()) {
            if (want.getKey() != shard) {
                due += due(want.getKey(), want.getValue().machines(), shards);
            }
        }
        return due;
    }

    /** How many of the machines a shard wants are within its share. */
    int due(int shard, int machines, int shards) {
        return Math.clamp(share(shards) - (long) inUse.applyAsInt(shard), 0, machines);
    }

    /** Whether a shard has more than its share. */
    boolean isOverShare(int shard, int shards) {
        return inUse.applyAsInt(shard) > share(shards);
    }

    /**
     * How many more machines a shard may have.
     *
     * @param free how many there are to be had
     */
    int allowed(int shard, int free, int shards) {
        int beyondShare = free - dueToOthers(shard, shards);
        int withinShare = Math.min(free, share(shards) - inUse.applyAsInt(shard));
        return Math.max(0, Math.max(beyondShare, withinShare));
    }

    private int share(int shards) {
        return Math.max(1, machinesMax / Math.max(1, shards));
    }
}
