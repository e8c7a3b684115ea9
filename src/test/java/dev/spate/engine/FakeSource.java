package dev.spate.engine;

import dev.spate.async.BatchIterator;
import dev.spate.async.Deadline;
import dev.spate.async.FakeProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One worker's source: takes the shards it is given, opens them anew when they are dropped, and
 * gives them back, as the one over Kafka does.
 */
public final class FakeSource implements JobSource {

    private static final Duration REOPEN_PAUSE = Duration.ofSeconds(1);
    private static final Duration REVOKE_MAX = Duration.ofSeconds(5);
    private static final Duration REST_STEP = Duration.ofMillis(10);

    private final FakeTopics topics;
    private final FakeProcess worker;
    private final BatchIterator.Limits limits;
    private final UnaryOperator<JobSource.Shard> disguise;
    private final Map<Integer, Keeper> keepers = new TreeMap<>();
    private final List<Integer> waiting = new ArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private @Nullable Owner owner;
    private boolean isClosed;

    /**
     * @param shards those it has from the beginning
     */
    public FakeSource(
            FakeTopics topics,
            FakeProcess worker,
            BatchIterator.Limits limits,
            List<Integer> shards) {
        this(topics, worker, limits, shards, UnaryOperator.identity());
    }

    /**
     * @param disguise what the worker is shown of a shard
     */
    public FakeSource(
            FakeTopics topics,
            FakeProcess worker,
            BatchIterator.Limits limits,
            List<Integer> shards,
            UnaryOperator<JobSource.Shard> disguise) {
        this.topics = topics;
        this.worker = worker;
        this.limits = limits;
        this.disguise = disguise;
        this.waiting.addAll(shards);
    }

    @Override
    public void start(Owner taker) {
        owner = taker;
        waiting.forEach(this::assign);
        waiting.clear();
    }

    /** Gives this worker a shard; it is told at its next heartbeat. */
    public void assign(int shard) {
        if (owner == null) {
            waiting.add(shard);
        } else if (!isClosed && !keepers.containsKey(shard)) {
            keepers.put(shard, new Keeper(shard, owner));
        }
    }

    /** Takes a shard away in good order; completes when the worker has let go of it. */
    public CompletableFuture<Void> revoke(int shard) {
        return end(shard, true);
    }

    /** The shard is somebody else's already. */
    public CompletableFuture<Void> lose(int shard) {
        return end(shard, false);
    }

    private CompletableFuture<Void> end(int shard, boolean mayWrite) {
        waiting.removeIf(mine -> mine == shard);
        @Nullable Keeper keeper = keepers.remove(shard);
        return keeper == null ? CompletableFuture.completedFuture(null) : keeper.end(mayWrite);
    }

    @Override
    public void dropped(int shard) {
        @Nullable Keeper keeper = keepers.get(shard);
        if (keeper != null) {
            keeper.drop();
        }
    }

    @Override
    public void close(Deadline deadline) throws InterruptedException {
        isClosed = true;
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int shard : List.copyOf(keepers.keySet())) {
            ends.add(revoke(shard));
        }
        try {
            worker.await(
                    CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new)), deadline);
        } catch (TimeoutException | ExecutionException late) {
            // Whoever comes next fences what is left.
        }
        ended.complete(null);
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended;
    }

    /** Keeps one shard open for as long as it is assigned. */
    private final class Keeper {
        private final int shard;
        private final Owner taker;
        private final CompletableFuture<Boolean> gone = new CompletableFuture<>();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private CompletableFuture<Void> dropped = new CompletableFuture<>();

        Keeper(int shard, Owner taker) {
            this.shard = shard;
            this.taker = taker;
            var _ =
                    worker.start("shard-" + shard, this::keep)
                            .result()
                            .whenComplete((_, _) -> closed.complete(null));
        }

        CompletableFuture<Void> end(boolean mayWrite) {
            // The worker learns of it when it runs, not while it is paused.
            worker.schedule(Duration.ZERO, () -> gone.complete(mayWrite));
            return closed;
        }

        void drop() {
            dropped.complete(null);
        }

        private @Nullable Void keep() throws InterruptedException, ExecutionException {
            while (!gone.isDone()) {
                try {
                    keep(topics.open(shard, worker, limits));
                } catch (IllegalStateException notNow) {
                    // Another try.
                }
                try {
                    worker.await(gone, Deadline.after(worker, REOPEN_PAUSE));
                } catch (TimeoutException notYet) {
                    // Another try.
                }
            }
            return null;
        }

        private void keep(FakeTopics.OpenFakeShard open)
                throws InterruptedException, ExecutionException {
            dropped = new CompletableFuture<>();
            if (!gone.isDone()) {
                taker.opened(disguise.apply(open.shard()));
                open.feed().start();
                try {
                    worker.await(CompletableFuture.anyOf(gone, dropped), Deadline.NEVER);
                } catch (TimeoutException impossible) {
                    throw new IllegalStateException("never is never over", impossible);
                }
            }
            open.feed().close();
            if (dropped.isDone()) {
                open.journal().abandon("dropped");
            } else {
                giveBack(open, gone.join());
            }
        }

        private void giveBack(FakeTopics.OpenFakeShard open, boolean mayWrite)
                throws InterruptedException, ExecutionException {
            Deadline deadline = Deadline.after(worker, REVOKE_MAX);
            if (!mayWrite) {
                open.journal().abandon("another's");
            }
            try {
                worker.await(taker.revoked(shard), deadline);
            } catch (TimeoutException notAtRest) {
                // It is given away all the same.
            }
            while (!open.journal().isAtRest() && !deadline.hasPassed(worker)) {
                worker.sleep(REST_STEP);
            }
            open.journal().abandon("closed");
        }
    }
}
