package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** The shards that are open at this worker: all their jobs are known. Safe for any thread. */
final class OwnedShards {

    /** How old a confirmation may be: half of it is spent on getting one. */
    static final Duration CONFIRMED_FOR = Duration.ofSeconds(10);

    private final Scheduler scheduler;
    private final Map<Integer, Ownership> owned = new TreeMap<>();

    OwnedShards(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    synchronized void open(int shard, Ownership ownership) {
        owned.put(shard, ownership);
    }

    synchronized void drop(int shard) {
        owned.remove(shard);
    }

    /** The epoch in which the shard is this worker's; 0 if it is not open. */
    synchronized long epoch(int shard) {
        Ownership ownership = owned.get(shard);
        return ownership == null ? 0 : ownership.epoch();
    }

    synchronized int count() {
        return owned.size();
    }

    synchronized boolean isOpen(int shard) {
        return owned.containsKey(shard);
    }

    /** A moment's picture, in the order of the shards' numbers. */
    synchronized Map<Integer, Ownership> all() {
        return new TreeMap<>(owned);
    }

    /**
     * Asks which of the shards are still this worker's. Blocks for a few seconds at most; a shard
     * that cannot be confirmed in that time is left out, as one that is not open is.
     */
    Set<Integer> confirm(Collection<Integer> shards) throws InterruptedException {
        Map<Integer, CompletableFuture<Void>> asked = new TreeMap<>();
        Map<Integer, Ownership> open = all();
        open.keySet().retainAll(Set.copyOf(shards));
        // Without a lock: it may end in a shard being dropped.
        open.forEach((shard, ownership) -> asked.put(shard, ownership.confirm()));
        try {
            scheduler.await(
                    CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
                            .handle((_, _) -> true),
                    Deadline.after(scheduler, CONFIRMED_FOR.dividedBy(2)));
        } catch (TimeoutException tooLate) {
            // Those that have answered count.
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("what is handled does not fail", impossible);
        }
        Set<Integer> confirmed = new LinkedHashSet<>();
        asked.forEach(
                (shard, answer) -> {
                    if (answer.isDone() && !answer.isCompletedExceptionally()) {
                        confirmed.add(shard);
                    }
                });
        return confirmed;
    }
}
