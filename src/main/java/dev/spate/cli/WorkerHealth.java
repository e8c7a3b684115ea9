package dev.spate.cli;

import dev.spate.engine.Worker;
import dev.spate.web.Health;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a worker is: not ready until it has a worker to ask and that has a shard, or while a shard
 * cannot be opened.
 */
final class WorkerHealth implements Health {

    private volatile @Nullable Watched watched;
    private volatile boolean isStopping;

    /**
     * There is a worker to ask now.
     *
     * @param troubles why shards of its are not open, by shard
     */
    void watch(Worker worker, Supplier<Map<Integer, String>> troubles) {
        watched = new Watched(worker, troubles);
    }

    /** It is about to end. */
    void stopping() {
        isStopping = true;
    }

    @Override
    public List<String> reasonsNotLive() {
        long[] deadlocked = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
        return deadlocked == null
                ? List.of()
                : List.of(deadlocked.length + " threads wait for each other for ever");
    }

    @Override
    public List<String> reasonsNotReady() {
        Watched current = watched;
        if (isStopping) {
            return List.of("stopping");
        }
        if (current == null) {
            return List.of("starting");
        }
        List<String> reasons = new ArrayList<>();
        current.troubles()
                .get()
                .forEach((shard, why) -> reasons.add("shard " + shard + ": " + why));
        if (reasons.isEmpty() && current.worker().snapshot().shards().isEmpty()) {
            reasons.add("has no shard: the group is not joined yet, or others have them all");
        }
        return reasons;
    }

    private record Watched(Worker worker, Supplier<Map<Integer, String>> troubles) {}
}
