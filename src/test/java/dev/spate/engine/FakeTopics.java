package dev.spate.engine;

import dev.spate.async.AsyncIterator;
import dev.spate.async.Batch;
import dev.spate.async.BatchIterator;
import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Topics in memory: the messages, journals, results and rejects of all shards, with owners that are
 * fenced when another opens their shard. Outlives any worker.
 */
public final class FakeTopics {

    private static final Duration COMMIT_TIME = Duration.ofMillis(5);

    private final Map<Integer, Partition> partitions = new TreeMap<>();
    private final List<JobResult> results = new ArrayList<>();
    private final List<Reject> rejects = new ArrayList<>();

    private static final class Partition {
        final List<Incoming> messages = new ArrayList<>();
        final Map<JobId, JobRecord> journal = new LinkedHashMap<>();
        final List<JobRecord> history = new ArrayList<>();
        long consumedTo;
        long owners;
        @Nullable FakeJournal owner;
        @Nullable BatchIterator<Incoming> reader;
    }

    /** Publishes a message; it is delivered to whoever owns the shard, now or later. */
    public void publish(int shard, Incoming message) {
        Partition partition = partition(shard);
        partition.messages.add(message);
        if (partition.reader != null) {
            partition.reader.offer(message);
        }
    }

    /** The offset of the next message of a shard. */
    public long nextOffset(int shard) {
        return partition(shard).messages.size();
    }

    /** All results so far, in the order of their commits. */
    public List<JobResult> results() {
        return List.copyOf(results);
    }

    public List<Reject> rejects() {
        return List.copyOf(rejects);
    }

    /** The latest record of a job, or null. */
    public @Nullable JobRecord journalled(int shard, JobId id) {
        return partition(shard).journal.get(id);
    }

    /** Every record of a shard that was ever committed, in order. */
    public List<JobRecord> history(int shard) {
        return List.copyOf(partition(shard).history);
    }

    /** Up to where a shard's messages need not be read again. */
    public long consumedTo(int shard) {
        return partition(shard).consumedTo;
    }

    /** Fences the present owner, and hands the shard to another. */
    JobSource.Shard open(int shard, Scheduler scheduler, BatchIterator.Limits limits) {
        Partition partition = partition(shard);
        if (partition.owner != null) {
            partition.owner.fence();
        }
        if (partition.reader != null) {
            partition.reader.close();
        }
        FakeJournal journal = new FakeJournal(partition, scheduler);
        BatchIterator<Incoming> reader =
                new BatchIterator<>(limits, _ -> 100, scheduler, BatchIterator.Pressure.none());
        partition.owner = journal;
        partition.reader = reader;
        reader.offerAll(
                partition.messages.stream()
                        .filter(message -> message.offset() >= partition.consumedTo)
                        .toList());
        AsyncIterator<Batch<Incoming>> input = reader;
        return new JobSource.Shard(
                shard, partition.owners++, List.copyOf(partition.journal.values()), journal, input);
    }

    /** The shard's owner loses it without being told. */
    public void fence(int shard) {
        Partition partition = partition(shard);
        if (partition.owner != null) {
            partition.owner.fence();
        }
    }

    /** How often a shard was opened. */
    public long owners(int shard) {
        return partition(shard).owners;
    }

    private Partition partition(int shard) {
        return partitions.computeIfAbsent(shard, _ -> new Partition());
    }

    private final class FakeJournal implements Journal {
        private final Partition partition;
        private final Scheduler scheduler;
        private boolean isFenced;

        FakeJournal(Partition partition, Scheduler scheduler) {
            this.partition = partition;
            this.scheduler = scheduler;
        }

        void fence() {
            isFenced = true;
        }

        @Override
        public CompletableFuture<Void> append(Commit commit) {
            return unlessFenced(() -> apply(commit));
        }

        @Override
        public CompletableFuture<Void> confirm() {
            return unlessFenced(() -> {});
        }

        private CompletableFuture<Void> unlessFenced(Runnable effect) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            scheduler.schedule(
                    COMMIT_TIME,
                    () -> {
                        if (isFenced) {
                            done.completeExceptionally(
                                    new JournalLost("fenced", new IllegalStateException()));
                        } else {
                            effect.run();
                            done.complete(null);
                        }
                    });
            return done;
        }

        private void apply(Commit commit) {
            for (JobRecord record : commit.records()) {
                partition.journal.put(record.id(), record);
                partition.history.add(record);
            }
            commit.forgotten().forEach(partition.journal::remove);
            results.addAll(commit.results());
            rejects.addAll(commit.rejects());
            commit.consumedTo().ifPresent(offset -> partition.consumedTo = offset);
        }
    }

    /** One worker's source: takes the shards it is given, at once. */
    public static final class FakeSource implements JobSource {
        private final FakeTopics topics;
        private final Scheduler scheduler;
        private final BatchIterator.Limits limits;
        private final List<Integer> shards;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private @Nullable Owner owner;

        public FakeSource(
                FakeTopics topics,
                Scheduler scheduler,
                BatchIterator.Limits limits,
                List<Integer> shards) {
            this.topics = topics;
            this.scheduler = scheduler;
            this.limits = limits;
            this.shards = new ArrayList<>(shards);
        }

        @Override
        public void start(Owner taker) {
            owner = taker;
            shards.forEach(this::open);
        }

        @Override
        public void dropped(int shard) {
            if (shards.contains(shard)) {
                scheduler.schedule(Duration.ofSeconds(1), () -> open(shard));
            }
        }

        /** Gives a shard back, as in a rebalance. */
        public CompletableFuture<Void> revoke(int shard) {
            shards.removeIf(mine -> mine == shard);
            return owner == null ? CompletableFuture.completedFuture(null) : owner.revoked(shard);
        }

        @Override
        public void close(Deadline deadline) {
            for (int shard : List.copyOf(shards)) {
                var _ = revoke(shard);
            }
            ended.complete(null);
        }

        @Override
        public CompletableFuture<Void> ended() {
            return ended;
        }

        private void open(int shard) {
            Owner taker = owner;
            if (taker != null && shards.contains(shard)) {
                scheduler.start(
                        "open-" + shard,
                        () -> {
                            taker.opened(topics.open(shard, scheduler, limits));
                            return null;
                        });
            }
        }
    }
}
