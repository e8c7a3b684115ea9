package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Hold;
import dev.spate.job.MachineId;
import dev.spate.job.MachineSpec;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Machines that have served a job and wait for another of the same shard with the same spec and the
 * same preparation. Safe for any thread.
 */
final class IdlePool {

    /**
     * A machine at rest.
     *
     * @param preparation the fingerprint of the setup it has gone through; empty text if none
     */
    record Idle(Hold hold, String preparation, Deadline until) {
        int shard() {
            return hold.launch().shard();
        }
    }

    private final Scheduler scheduler;
    private final Map<MachineId, Idle> idle = new LinkedHashMap<>();

    IdlePool(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    synchronized void add(Idle machine) {
        idle.put(machine.hold().machine(), machine);
    }

    /**
     * Takes a machine of the shard with that spec and preparation; the one that has waited
     * shortest, so that the others can go.
     */
    synchronized Optional<Idle> take(int shard, MachineSpec spec, String preparation) {
        Idle found = null;
        for (Idle candidate : idle.values()) {
            if (candidate.shard() == shard
                    && candidate.hold().launch().spec().equals(spec)
                    && candidate.preparation().equals(preparation)
                    && !candidate.until().hasPassed(scheduler)) {
                found = candidate;
            }
        }
        if (found != null) {
            idle.remove(found.hold().machine());
        }
        return Optional.ofNullable(found);
    }

    /** Takes the machines that have waited long enough. */
    synchronized List<Idle> takeExpired() {
        List<Idle> expired =
                idle.values().stream()
                        .filter(machine -> machine.until().hasPassed(scheduler))
                        .toList();
        expired.forEach(machine -> idle.remove(machine.hold().machine()));
        return expired;
    }

    /**
     * Takes up to so many of the machines that have waited longest, of whatever shard, to make room
     * for others.
     */
    synchronized List<Idle> takeOldest(int count) {
        List<Idle> oldest = new ArrayList<>();
        Iterator<Idle> all = idle.values().iterator();
        while (oldest.size() < count && all.hasNext()) {
            oldest.add(all.next());
            all.remove();
        }
        return oldest;
    }

    /** Takes all machines of a shard. */
    synchronized List<Idle> takeAll(int shard) {
        List<Idle> all =
                idle.values().stream().filter(machine -> machine.shard() == shard).toList();
        all.forEach(machine -> idle.remove(machine.hold().machine()));
        return all;
    }

    /** Drops a machine that is gone. */
    synchronized void remove(MachineId machine) {
        idle.remove(machine);
    }

    synchronized int size() {
        return idle.size();
    }
}
