package dev.spate.engine;

import dev.spate.async.FakeProcess;
import dev.spate.async.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one owner of a shard: appends that come while a transaction is on its way share
 * the next one. The first failure is the last, as with the real one.
 */
final class FakeJournal implements Journal {

    private final FakeTopics topics;
    private final FakeTopics.Partition partition;
    private final FakeProcess worker;
    private final Scheduler world;
    private final List<Append> pending = new ArrayList<>();
    private boolean isWriting;
    private boolean isFenced;

    /** When the latest transaction began that came true, by the worker's clock. */
    private long ownedAtNanos;

    private long beganAtNanos;

    private @Nullable JournalLost lost;

    private record Append(Optional<Commit> commit, CompletableFuture<Void> done) {}

    FakeJournal(FakeTopics topics, FakeTopics.Partition partition, FakeProcess worker) {
        this.topics = topics;
        this.partition = partition;
        this.worker = worker;
        this.world = topics.scheduler();
        this.ownedAtNanos = worker.nanoTime();
    }

    /** The brokers refuse whatever comes from here; nobody tells the owner. */
    void fence() {
        isFenced = true;
    }

    @Override
    public CompletableFuture<Void> append(Commit commit) {
        return append(Optional.of(commit));
    }

    @Override
    public CompletableFuture<Void> confirm() {
        boolean isFresh = worker.nanoTime() - ownedAtNanos <= CONFIRMED_FOR.toNanos();
        return isFresh && lost == null
                ? CompletableFuture.completedFuture(null)
                : append(Optional.empty());
    }

    private CompletableFuture<Void> append(Optional<Commit> commit) {
        if (lost != null) {
            return CompletableFuture.failedFuture(lost);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        pending.add(new Append(commit, done));
        write();
        return done;
    }

    /** Writes nothing more, and fails what waits. */
    void abandon(String why) {
        lose(why, List.of());
    }

    /** Whether everything that was appended is true, or lost. */
    boolean isAtRest() {
        return !isWriting && pending.isEmpty();
    }

    private void write() {
        if (isWriting || pending.isEmpty()) {
            return;
        }
        isWriting = true;
        worker.schedule(FakeTopics.WAY, this::send);
    }

    private void send() {
        List<Append> transaction = List.copyOf(pending);
        pending.clear();
        FakeBrokers.Transaction how = topics.brokers().takeNext();
        beganAtNanos = worker.nanoTime();
        if (!how.equals(FakeBrokers.Transaction.USUAL)) {
            topics.tell(
                    new FakeTopicsEvent.Troubled(
                            world.now(), partition.shard, worker.name(), how.fate(), how.delay()));
        }
        // From here on it is the brokers', whatever becomes of the worker.
        world.schedule(
                how.delay(),
                () -> arrive(transaction, how.fate(), FakeTopics.REPLY_MAX.minus(how.delay())));
    }

    private void arrive(List<Append> transaction, FakeBrokers.Fate fate, Duration patience) {
        if (topics.brokers().isAway(worker.name())) {
            Duration pause = Duration.ofSeconds(1);
            if (patience.compareTo(pause) < 0) {
                reply(() -> lose("no reply", transaction));
            } else {
                world.schedule(pause, () -> arrive(transaction, fate, patience.minus(pause)));
            }
            return;
        }
        if (isFenced) {
            reply(() -> lose("fenced", transaction));
            return;
        }
        switch (fate) {
            case TRUE -> {
                apply(transaction);
                reply(() -> written(transaction));
            }
            case TRUE_UNTOLD -> {
                apply(transaction);
                world.schedule(
                        FakeTopics.REPLY_MAX, () -> reply(() -> lose("no reply", transaction)));
            }
            case NEVER ->
                    world.schedule(
                            FakeTopics.REPLY_MAX, () -> reply(() -> lose("no reply", transaction)));
            case TRUE_LATER -> {
                reply(() -> lose("no reply", transaction));
                world.schedule(
                        Duration.ofMillis(500),
                        () -> {
                            if (!isFenced) {
                                apply(transaction);
                            }
                        });
            }
        }
    }

    private void apply(List<Append> transaction) {
        for (Append append : transaction) {
            append.commit().ifPresent(commit -> topics.apply(partition, worker.name(), commit));
        }
    }

    private void reply(Runnable action) {
        worker.schedule(FakeTopics.WAY, action);
    }

    private void written(List<Append> transaction) {
        isWriting = false;
        ownedAtNanos = beganAtNanos;
        transaction.forEach(append -> append.done().complete(null));
        write();
    }

    private void lose(String why, List<Append> transaction) {
        isWriting = false;
        if (lost == null) {
            lost = new JournalLost(why, new IllegalStateException(why));
            topics.tell(new FakeTopicsEvent.Lost(world.now(), partition.shard, worker.name(), why));
        }
        List<Append> failed = new ArrayList<>(transaction);
        failed.addAll(pending);
        pending.clear();
        for (Append append : failed) {
            append.done().completeExceptionally(lost);
        }
    }
}
