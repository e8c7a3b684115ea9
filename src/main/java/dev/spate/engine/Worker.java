package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Fleet;
import dev.spate.job.JobRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A worker: takes shards as they come, and does their jobs.
 *
 * <p>Safe for any thread.
 */
public final class Worker implements JobSource.Owner {

    private final JobSource source;
    private final Fleet fleet;
    private final EngineSettings settings;
    private final Scheduler scheduler;
    private final EngineEvents events;
    private final OutputLog log;

    // Guarded by this.
    private final Map<Integer, ShardLife> shards = new TreeMap<>();
    private final Map<Integer, CompletableFuture<Void>> leaving = new TreeMap<>();

    /**
     * A worker that has not started yet. The source, the fleet and the scheduler stay the caller's
     * to close.
     *
     * @param log where what runs write is published while they run
     */
    public Worker(
            JobSource source,
            Fleet fleet,
            EngineSettings settings,
            Scheduler scheduler,
            EngineEvents events,
            OutputLog log) {
        this.source = source;
        this.fleet = fleet;
        this.settings = settings;
        this.scheduler = scheduler;
        this.events = events;
        this.log = log;
    }

    /** Begins to take shards. Returns at once. */
    public void start() {
        source.start(this);
    }

    /**
     * Leaves: gives back all shards. What runs on machines goes on, for the next owner to take up.
     * Blocks until the deadline at most.
     */
    public void close(Deadline deadline) throws InterruptedException {
        source.close(deadline);
    }

    /**
     * Completes when this worker has ended: normally after {@link #close}, exceptionally if its
     * source failed and it must be restarted.
     */
    public CompletableFuture<Void> ended() {
        return source.ended();
    }

    /** A moment's picture: every job that is not released, of every shard this worker owns. */
    public Snapshot snapshot() {
        List<ShardLife> owned;
        synchronized (this) {
            owned = List.copyOf(shards.values());
        }
        List<JobRecord> jobs = new ArrayList<>();
        owned.forEach(shard -> jobs.addAll(shard.jobs()));
        return new Snapshot(owned.stream().map(ShardLife::number).toList(), jobs);
    }

    /**
     * A moment's picture of a worker.
     *
     * @param shards the shards it owns, ascending
     * @param jobs their jobs that are not released yet
     */
    public record Snapshot(List<Integer> shards, List<JobRecord> jobs) {
        public Snapshot {
            shards = List.copyOf(shards);
            jobs = List.copyOf(jobs);
        }
    }

    @Override
    public void opened(JobSource.Shard shard) throws InterruptedException {
        int number = shard.number();
        CompletableFuture<Void> before;
        synchronized (this) {
            before = leaving.getOrDefault(number, CompletableFuture.completedFuture(null));
        }
        // What is left of an earlier life would take this one's machines for its own.
        Blocking.on(scheduler, before);
        source.shardCount().ifPresent(fleet::shardCount);
        ShardLife life = new ShardLife(shard, fleet, settings, scheduler, events, log, this::lost);
        synchronized (this) {
            shards.put(number, life);
        }
        life.start();
    }

    @Override
    public CompletableFuture<Void> revoked(int shard) {
        ShardLife life;
        synchronized (this) {
            life = shards.remove(shard);
            if (life == null) {
                return leaving.getOrDefault(shard, CompletableFuture.completedFuture(null));
            }
        }
        return leave(shard, life.giveBack());
    }

    private void lost(ShardLife life) {
        synchronized (this) {
            // Told by several of the shard's threads.
            if (!shards.remove(life.number(), life)) {
                return;
            }
        }
        events.fenced();
        var _ = leave(life.number(), life.drop()).thenRun(() -> source.dropped(life.number()));
    }

    private synchronized CompletableFuture<Void> leave(int shard, CompletableFuture<Void> end) {
        leaving.put(shard, end);
        return end.thenRun(
                () -> {
                    synchronized (this) {
                        leaving.remove(shard, end);
                    }
                });
    }
}
