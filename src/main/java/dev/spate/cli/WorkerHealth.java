package dev.spate.cli;

import dev.spate.engine.Worker;
import dev.spate.web.Health;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a worker is: not ready until it has a worker to ask and that has a shard. */
final class WorkerHealth implements Health {

    private volatile @Nullable Worker worker;
    private volatile boolean isStopping;

    /** There is a worker to ask now. */
    void watch(Worker started) {
        worker = started;
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
        Worker current = worker;
        if (isStopping) {
            return List.of("stopping");
        }
        if (current == null) {
            return List.of("starting");
        }
        return current.snapshot().shards().isEmpty()
                ? List.of("has no shard: the group is not joined yet, or others have them all")
                : List.of();
    }
}
