package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Hold;
import dev.spate.job.MachineId;
import dev.spate.job.MachineSpec;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

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
        MachineId machine() {
            return hold.machine();
        }

        private Kind kind() {
            return new Kind(hold.launch().shard(), hold.launch().spec(), preparation);
        }
    }

    /** Machines that can stand in for each other. */
    private record Kind(int shard, MachineSpec spec, String preparation) {}

    private final Scheduler scheduler;
    private final Map<MachineId, Idle> idle = new LinkedHashMap<>();
    private final Map<Kind, LinkedHashMap<MachineId, Idle>> byKind = new HashMap<>();

    IdlePool(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    synchronized void add(Idle machine) {
        idle.put(machine.machine(), machine);
        byKind.computeIfAbsent(machine.kind(), _ -> new LinkedHashMap<>())
                .putLast(machine.machine(), machine);
    }

    /**
     * Takes a machine of the shard with that spec and preparation; the one that came last, so that
     * the others can go.
     */
    synchronized Optional<Idle> take(int shard, MachineSpec spec, String preparation) {
        LinkedHashMap<MachineId, Idle> alike = byKind.get(new Kind(shard, spec, preparation));
        Idle last = alike == null ? null : alike.lastEntry().getValue();
        if (last == null || last.until().hasPassed(scheduler)) {
            return Optional.empty();
        }
        remove(last.machine());
        return Optional.of(last);
    }

    /** Takes the machines that have waited long enough. */
    synchronized List<Idle> takeExpired() {
        return takeAll(machine -> machine.until().hasPassed(scheduler));
    }

    /**
     * Takes up to so many of the machines that have waited longest, to make room for others.
     *
     * @param leftMax how much of its time a machine may have left at most: one that has just come
     *     back may be about to be wanted again
     * @param of the shards whose machines may be taken; asked under this pool's lock, so it takes
     *     none
     */
    synchronized List<Idle> takeOldest(int count, Duration leftMax, IntPredicate of) {
        if (count <= 0) {
            return List.of();
        }
        // Not in the order in which they came: one that was taken in vain comes back, no younger.
        List<Idle> oldest =
                idle.values().stream()
                        .filter(m -> of.test(m.hold().launch().shard()))
                        .filter(m -> m.until().remaining(scheduler).compareTo(leftMax) <= 0)
                        .sorted(Comparator.comparing(m -> m.until().remaining(scheduler)))
                        .limit(count)
                        .toList();
        oldest.forEach(machine -> remove(machine.machine()));
        return oldest;
    }

    /** Takes all machines of a shard. */
    synchronized List<Idle> takeAll(int shard) {
        return takeAll(machine -> machine.hold().launch().shard() == shard);
    }

    /** Drops a machine that is going or gone. */
    synchronized void remove(MachineId machine) {
        Idle removed = idle.remove(machine);
        if (removed != null) {
            byKind.computeIfPresent(
                    removed.kind(),
                    (_, alike) -> {
                        alike.remove(machine);
                        return alike.isEmpty() ? null : alike;
                    });
        }
    }

    synchronized boolean has(MachineId machine) {
        return idle.containsKey(machine);
    }

    synchronized int size() {
        return idle.size();
    }

    private List<Idle> takeAll(Predicate<Idle> which) {
        List<Idle> all = idle.values().stream().filter(which).toList();
        all.forEach(machine -> remove(machine.machine()));
        return all;
    }
}
