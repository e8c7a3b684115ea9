package dev.spate.engine;

import dev.spate.async.BatchIterator;
import dev.spate.async.FakeProcess;
import dev.spate.async.Scheduler;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import dev.spate.job.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Topics in memory: the messages, journals, results and rejects of all shards, with owners that are
 * fenced when another opens their shard. Outlives any worker.
 *
 * <p>Give it the {@code FakeScheduler} itself, not a process of it: a transaction that is on its
 * way comes true whatever becomes of the worker that sent it.
 */
public final class FakeTopics {

    /** From a worker to the brokers, or back. */
    static final Duration WAY = Duration.ofMillis(2);

    /** How long a worker waits for brokers that do not answer. */
    static final Duration REPLY_MAX = Duration.ofSeconds(15);

    private static final Duration FETCH = Duration.ofMillis(5);

    private final Scheduler scheduler;
    private final FakeBrokers brokers = new FakeBrokers();
    private final Map<Integer, Partition> partitions = new TreeMap<>();
    private final List<JobResult> results = new ArrayList<>();
    private final List<Reject> rejects = new ArrayList<>();
    private final List<Consumer<FakeTopicsEvent>> listeners = new ArrayList<>();
    private boolean isFencing = true;

    /** What the brokers know of one shard. */
    static final class Partition {
        final int shard;
        final List<Incoming> messages = new ArrayList<>();
        final Map<JobId, JobRecord> journal = new LinkedHashMap<>();
        final List<JobRecord> history = new ArrayList<>();
        final List<Feed> feeds = new ArrayList<>();
        long consumedTo;
        long owners;
        @Nullable FakeJournal owner;

        Partition(int shard) {
            this.shard = shard;
        }
    }

    /**
     * @param scheduler the brokers' own
     */
    public FakeTopics(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** What goes wrong with the brokers. */
    public FakeBrokers brokers() {
        return brokers;
    }

    /** Whoever is given here is told of everything that happens, as it happens. */
    public void onEvent(Consumer<FakeTopicsEvent> listener) {
        listeners.add(listener);
    }

    /** Whether an owner loses its shard when another opens it: without, nothing is as promised. */
    public void fencing(boolean isSo) {
        isFencing = isSo;
    }

    /** Publishes a message; it is delivered to whoever owns the shard, now or later. */
    public void publish(int shard, Incoming message) {
        Partition partition = partition(shard);
        partition.messages.add(message);
        tell(new FakeTopicsEvent.Published(scheduler.now(), shard, message));
        List.copyOf(partition.feeds).forEach(Feed::pump);
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

    /** Whether every message of every shard is consumed, and every job released. */
    public boolean isDone() {
        for (Partition partition : partitions.values()) {
            if (partition.consumedTo < partition.messages.size()) {
                return false;
            }
            for (JobRecord record : partition.journal.values()) {
                if (!(record.state() instanceof JobState.Released)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Every record of a shard that was ever committed, in order. */
    public List<JobRecord> history(int shard) {
        return List.copyOf(partition(shard).history);
    }

    /** Up to where a shard's messages need not be read again. */
    public long consumedTo(int shard) {
        return partition(shard).consumedTo;
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

    /**
     * Fences the present owner, and hands the shard to another. Blocks as long as that takes.
     *
     * @throws IllegalStateException if the brokers do not answer
     */
    OpenFakeShard open(int shard, FakeProcess worker, BatchIterator.Limits limits)
            throws InterruptedException {
        worker.sleep(WAY);
        requireBrokers(worker);
        Partition partition = partition(shard);
        if (partition.owner != null && isFencing) {
            partition.owner.fence();
        }
        FakeJournal journal = new FakeJournal(this, partition, worker);
        partition.owner = journal;
        long epoch = ++partition.owners;
        tell(new FakeTopicsEvent.Opened(scheduler.now(), shard, worker.name(), epoch));
        worker.sleep(WAY);
        requireBrokers(worker);
        // Only after the fence: until then the owner before could still change both.
        List<JobRecord> records = List.copyOf(partition.journal.values());
        Feed feed = new Feed(partition, worker, limits, partition.consumedTo);
        return new OpenFakeShard(
                new JobSource.Shard(shard, epoch, records, journal, feed.reader), journal, feed);
    }

    /** An open shard, and what its source has to close. */
    record OpenFakeShard(JobSource.Shard shard, FakeJournal journal, Feed feed) {}

    private void requireBrokers(FakeProcess worker) throws InterruptedException {
        if (brokers.isAway(worker.name())) {
            worker.sleep(REPLY_MAX);
            throw new IllegalStateException("the brokers do not answer");
        }
    }

    Scheduler scheduler() {
        return scheduler;
    }

    void apply(Partition partition, String by, Commit commit) {
        for (JobRecord record : commit.records()) {
            partition.journal.put(record.id(), record);
            partition.history.add(record);
        }
        commit.forgotten().forEach(partition.journal::remove);
        results.addAll(commit.results());
        rejects.addAll(commit.rejects());
        commit.consumedTo().ifPresent(offset -> partition.consumedTo = offset);
        tell(new FakeTopicsEvent.Committed(scheduler.now(), partition.shard, by, commit));
    }

    void tell(FakeTopicsEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }

    private Partition partition(int shard) {
        return partitions.computeIfAbsent(shard, Partition::new);
    }

    /** Hands an owner its messages, for as long as it takes them. */
    final class Feed {
        private final Partition partition;
        private final FakeProcess worker;
        private final BatchIterator<Incoming> reader;
        private long position;
        private boolean isPumping;
        private boolean isPaused;

        private Feed(
                Partition partition, FakeProcess worker, BatchIterator.Limits limits, long from) {
            this.partition = partition;
            this.worker = worker;
            this.position = from;
            this.reader =
                    new BatchIterator<>(
                            limits,
                            _ -> 100,
                            worker,
                            new BatchIterator.Pressure() {
                                @Override
                                public void pause() {
                                    isPaused = true;
                                }

                                @Override
                                public void resume() {
                                    isPaused = false;
                                    pump();
                                }
                            });
        }

        void start() {
            partition.feeds.add(this);
            pump();
        }

        void close() {
            partition.feeds.remove(this);
            reader.close();
        }

        private void pump() {
            if (!isPumping) {
                isPumping = true;
                worker.schedule(FETCH, this::deliver);
            }
        }

        private void deliver() {
            isPumping = false;
            if (brokers.isAway(worker.name())) {
                isPumping = true;
                worker.schedule(Duration.ofSeconds(1), this::deliver);
                return;
            }
            while (!isPaused && position < partition.messages.size()) {
                Incoming message = partition.messages.get((int) position);
                position++;
                if (!reader.offer(message)) {
                    return;
                }
                tell(
                        new FakeTopicsEvent.Delivered(
                                scheduler.now(), partition.shard, worker.name(), message.offset()));
            }
        }
    }
}
