package dev.spate.cli;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.engine.Worker;
import dev.spate.fleet.Fleet;
import dev.spate.kafka.KafkaJobSource;
import dev.spate.web.Health;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a worker is. Live: none of what it cannot go on without has ended. Ready: it is a member of
 * its group, with shards or standing by, each shard is open, and the cloud lets it in. Safe for any
 * thread.
 */
final class WorkerHealth implements Health {

    /** Looking for deadlocks stops the whole process for a moment, and anybody may ask. */
    private static final Duration DEADLOCKS_EVERY = Duration.ofSeconds(10);

    private final Scheduler scheduler;
    private volatile @Nullable Parts parts;
    private volatile boolean isStopping;

    /** Guarded by this, as is what follows. */
    private Deadline nextLook;

    private int deadlocked;

    WorkerHealth(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.nextLook = Deadline.after(scheduler, Duration.ZERO);
    }

    /** There is a worker to ask now. */
    void watch(Worker worker, Fleet fleet, KafkaJobSource source, CloudWatch cloud) {
        parts = new Parts(worker, fleet, source, cloud);
    }

    /** It is about to end. */
    void stopping() {
        isStopping = true;
    }

    @Override
    public List<String> reasonsNotLive() {
        List<String> reasons = new ArrayList<>();
        int threads = deadlocked();
        if (threads > 0) {
            reasons.add(threads + " threads wait for each other for ever");
        }
        Parts current = parts;
        if (current != null && !isStopping) {
            if (current.source().ended().isDone()) {
                reasons.add("the thread that reads Kafka has ended");
            }
            if (!current.fleet().isAlive()) {
                reasons.add("nobody looks after machines any more");
            }
        }
        return reasons;
    }

    @Override
    public List<String> reasonsNotReady() {
        Parts current = parts;
        if (isStopping) {
            return List.of("stopping");
        }
        if (current == null) {
            return List.of("starting");
        }
        List<String> reasons = new ArrayList<>(reasonsNotLive());
        current.source()
                .troubles()
                .forEach((shard, why) -> reasons.add("shard " + shard + ": " + why));
        current.cloud().trouble().ifPresent(reasons::add);
        if (reasons.isEmpty() && !hasShard() && !current.source().isStandby()) {
            reasons.add(
                    "has no shard: the group is not joined yet, or the shards are being opened");
        }
        return reasons;
    }

    /** Whether it serves a shard: one that stands by is ready, too. */
    boolean hasShard() {
        Parts current = parts;
        return current != null && !current.worker().snapshot().shards().isEmpty();
    }

    private synchronized int deadlocked() {
        if (nextLook.hasPassed(scheduler)) {
            nextLook = Deadline.after(scheduler, DEADLOCKS_EVERY);
            long[] threads = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
            deadlocked = threads == null ? 0 : threads.length;
        }
        return deadlocked;
    }

    private record Parts(Worker worker, Fleet fleet, KafkaJobSource source, CloudWatch cloud) {}
}
