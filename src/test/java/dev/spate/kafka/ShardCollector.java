package dev.spate.kafka;

import dev.spate.engine.JobSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An owner that keeps the shards it is given, and does nothing with them by itself. */
final class ShardCollector implements JobSource.Owner {

    final Map<Integer, JobSource.Shard> shards = new ConcurrentHashMap<>();
    final List<Integer> openings = new CopyOnWriteArrayList<>();
    final List<Integer> revocations = new CopyOnWriteArrayList<>();

    @Override
    public void opened(JobSource.Shard shard) {
        shards.put(shard.number(), shard);
        openings.add(shard.number());
    }

    @Override
    public CompletableFuture<Void> revoked(int shard) {
        shards.remove(shard);
        revocations.add(shard);
        return CompletableFuture.completedFuture(null);
    }
}
