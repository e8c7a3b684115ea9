package dev.spate.web;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * What one client is still to be told: of each job only the latest, and of too many jobs only that
 * it has to look anew. Whoever lays down never waits. Safe for any thread; one thread takes.
 */
final class EventStream implements AutoCloseable {

    /** What a client that reads once a second may miss in a busy one. */
    private static final int WAITING_MAX = 2_000;

    private final Scheduler scheduler;
    private final Runnable onClose;

    // Guarded by this.
    private final LinkedHashMap<String, Frame> waiting = new LinkedHashMap<>();
    private Optional<Frame> stale = Optional.empty();
    private boolean isStaleTold;
    private boolean hasMissed;
    private boolean isClosed;
    private CompletableFuture<Void> something = new CompletableFuture<>();

    EventStream(Scheduler scheduler, Runnable onClose) {
        this.scheduler = scheduler;
        this.onClose = onClose;
    }

    /** Of the job there is something newer. */
    synchronized void offer(String job, Frame frame) {
        if (hasMissed || isClosed) {
            return;
        }
        // The place in the queue is the first one's: a job that changes all the time gets its turn.
        waiting.put(job, frame);
        if (waiting.size() > WAITING_MAX) {
            missed();
        } else {
            something.complete(null);
        }
    }

    /** Something cannot be told. */
    synchronized void missed() {
        waiting.clear();
        hasMissed = true;
        // Whoever is told to look anew takes it that there is news again.
        isStaleTold = false;
        something.complete(null);
    }

    /** Nothing can be told until {@link #heardAgain}; the frame says so. */
    synchronized void stale(Frame frame) {
        stale = Optional.of(frame);
        isStaleTold = false;
        something.complete(null);
    }

    /** There is news again, and some of it may have been missed. */
    synchronized void heardAgain() {
        stale = Optional.empty();
        missed();
    }

    /**
     * Everything that waits; blocks until there is something, or until the deadline.
     *
     * @return none at the deadline; empty when the stream is closed
     */
    Optional<List<Frame>> take(Deadline deadline) throws InterruptedException {
        CompletableFuture<Void> awaited;
        synchronized (this) {
            awaited = something;
        }
        try {
            scheduler.await(awaited, deadline);
        } catch (TimeoutException nothing) {
            return Optional.of(List.of());
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("nobody fails it", impossible);
        }
        return drain();
    }

    private synchronized Optional<List<Frame>> drain() {
        if (isClosed) {
            return Optional.empty();
        }
        List<Frame> all = new ArrayList<>(waiting.values());
        if (hasMissed) {
            all.add(Frame.RELOAD);
        }
        if (!isStaleTold) {
            stale.ifPresent(all::add);
        }
        isStaleTold = true;
        waiting.clear();
        hasMissed = false;
        something = new CompletableFuture<>();
        return Optional.of(all);
    }

    /** Ends it for whoever takes. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            waiting.clear();
            something.complete(null);
        }
        onClose.run();
    }
}
