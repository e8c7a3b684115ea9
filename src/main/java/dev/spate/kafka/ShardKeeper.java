package dev.spate.kafka;

import dev.spate.async.Backoff;
import dev.spate.async.Deadline;
import dev.spate.async.LogContext;
import dev.spate.async.Scheduler;
import dev.spate.engine.JobSource;
import dev.spate.job.Text;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one shard open for as long as it is assigned to this worker: opens it, again if that fails
 * or its journal is lost, and closes it when it goes. One virtual thread, from top to bottom.
 */
final class ShardKeeper {

    private static final Logger log = LoggerFactory.getLogger(ShardKeeper.class);
    private static final Backoff BACKOFF =
            new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), 2, 0.5);

    /** A shard that was open this long starts anew with short pauses. */
    private static final Duration SETTLED = Duration.ofSeconds(30);

    private static final Duration REPEAT = Duration.ofMinutes(1);

    private final int number;
    private final ShardOpening opening;
    private final JobSource.Owner owner;
    private final Duration revokeTimeout;
    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final CompletableFuture<Void> ended;

    /** Completes with how the shard goes: true if it may still write what it has. */
    private final CompletableFuture<Boolean> gone = new CompletableFuture<>();

    /** The open shard, as the poll thread sees it. */
    private volatile @Nullable OpenShard open;

    /** Why the last try to open it failed. */
    private volatile @Nullable String trouble;

    /** The keeper's own: when to say again what was said before. */
    private Deadline repeat = Deadline.NEVER;

    /** Completes when the owner has dropped the shard that is open now. */
    private volatile CompletableFuture<Void> dropped = new CompletableFuture<>();

    /** Starts to open the shard, on a thread of its own. */
    ShardKeeper(
            int number,
            ShardOpening opening,
            JobSource.Owner owner,
            Duration revokeTimeout,
            Scheduler scheduler,
            RandomGenerator random) {
        this.number = number;
        this.opening = opening;
        this.owner = owner;
        this.revokeTimeout = revokeTimeout;
        this.scheduler = scheduler;
        this.random = random;
        this.ended = scheduler.start("shard-" + number, this::run).result();
    }

    /** Where the shard's messages go; empty as long as it is not open. */
    Optional<Intake> intake() {
        return Optional.ofNullable(open).map(OpenShard::intake);
    }

    /** Why the shard cannot be opened, in a line; empty if it is open or nothing was wrong yet. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** The owner has dropped the shard. Never blocks. */
    void drop() {
        dropped.complete(null);
    }

    /**
     * The shard is no longer this worker's. Never blocks.
     *
     * @param mayWrite whether nobody else has it yet
     * @return completes when the shard is closed, a little after {@code revokeTimeout} at most
     */
    CompletableFuture<Void> end(boolean mayWrite) {
        gone.complete(mayWrite);
        return ended;
    }

    private @Nullable Void run() throws InterruptedException {
        LogContext.SHARD.is(number);
        int attempt = 0;
        while (!gone.isDone()) {
            try {
                OpenShard opened = openUnlessGone();
                if (opened == null) {
                    return null;
                }
                trouble = null;
                Deadline settled = Deadline.after(scheduler, SETTLED);
                keep(opened);
                attempt = settled.hasPassed(scheduler) ? 0 : attempt;
            } catch (RuntimeException | Error failure) {
                complain(failure);
            }
            attempt++;
            awaitGone(Deadline.after(scheduler, BACKOFF.delay(attempt, random)));
        }
        return null;
    }

    /** Says what is new at once, and what is not every minute. */
    private void complain(Throwable failure) {
        String now = Text.oneLine(String.valueOf(failure.getMessage()));
        if (!now.equals(trouble) || repeat.hasPassed(scheduler)) {
            log.warn("Shard {} cannot be opened yet: {}", number, now);
            repeat = Deadline.after(scheduler, REPEAT);
        }
        trouble = now;
    }

    /** Null if the shard is gone before it is open. */
    private @Nullable OpenShard openUnlessGone() throws InterruptedException {
        Scheduler.Task<OpenShard> task =
                scheduler.start("open-shard-" + number, () -> opening.open(number));
        CompletableFuture<OpenShard> result = task.result();
        try {
            scheduler.await(CompletableFuture.anyOf(result, gone), Deadline.NEVER);
            if (gone.isDone()) {
                task.cancel();
            }
            OpenShard opened = scheduler.await(result, Deadline.NEVER);
            if (gone.isDone()) {
                opened.abandon("the shard is gone", null);
                return null;
            }
            return opened;
        } catch (CancellationException cancelled) {
            return null;
        } catch (ExecutionException failed) {
            if (gone.isDone()) {
                return null;
            }
            throw failed.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(failed.getCause());
        } catch (TimeoutException impossible) {
            throw new IllegalStateException("never is never", impossible);
        }
    }

    /** Returns when the shard has gone or was dropped, and is closed. */
    private void keep(OpenShard opened) throws InterruptedException {
        dropped = new CompletableFuture<>();
        tellOwner(opened);
        open = opened;
        opened.intake().start();
        try {
            scheduler.await(CompletableFuture.anyOf(gone, dropped), Deadline.NEVER);
        } catch (ExecutionException | TimeoutException impossible) {
            throw new IllegalStateException("neither fails nor times out", impossible);
        } finally {
            open = null;
        }
        if (dropped.isDone()) {
            opened.abandon("the shard was dropped", null);
        } else {
            giveBack(opened, gone.join());
        }
    }

    private void tellOwner(OpenShard opened) throws InterruptedException {
        try {
            owner.opened(opened.shard());
        } catch (RuntimeException | Error | InterruptedException failure) {
            opened.abandon("its owner failed", failure);
            throw failure;
        }
    }

    private void giveBack(OpenShard opened, boolean mayWrite) throws InterruptedException {
        Deadline deadline = Deadline.after(scheduler, revokeTimeout);
        if (!mayWrite) {
            opened.abandon("the shard is another worker's", null);
        }
        try {
            scheduler.await(owner.revoked(number), deadline);
        } catch (ExecutionException | TimeoutException | CancellationException notAtRest) {
            log.warn("Shard {} is not at rest after {}", number, revokeTimeout);
        }
        if (mayWrite) {
            opened.close(deadline);
        }
        log.info("Shard {} given back", number);
    }

    private void awaitGone(Deadline deadline) throws InterruptedException {
        try {
            scheduler.await(gone, deadline);
        } catch (TimeoutException notYet) {
            // Another try.
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("it never fails", impossible);
        }
    }
}
