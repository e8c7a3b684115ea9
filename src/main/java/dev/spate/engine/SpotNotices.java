package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Shell;
import dev.spate.fleet.Shell.Done;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Market;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Listens, while a run is followed, for the cloud's notice that it takes the machine back.
 *
 * <p>The run counts as lost at the notice, not when the machine goes: its attempt ends, its
 * machines are terminated, and the next attempt begins when they are known to be gone, which is
 * sooner than the two minutes EC2 leaves them. Safe for any thread.
 */
final class SpotNotices {

    private final Scheduler scheduler;
    private final boolean isWanted;
    private final CompletableFuture<Answer<Done>> lost;

    /**
     * @param isWanted whether anybody is to listen
     * @param lost completed with the loss when there is a notice
     */
    SpotNotices(Scheduler scheduler, boolean isWanted, CompletableFuture<Answer<Done>> lost) {
        this.scheduler = scheduler;
        this.isWanted = isWanted;
        this.lost = lost;
    }

    /**
     * Does something over a connection, and listens over it meanwhile if the machine is a spot
     * machine.
     */
    <T> Answer<T> during(
            MemberRun run, Shell shell, Deadline deadline, MemberRun.Exchange<T> exchange)
            throws InterruptedException {
        if (!isWanted || run.hold().launch().pool().market() != Market.SPOT) {
            return exchange.with(shell);
        }
        Scheduler.Task<Boolean> listening =
                scheduler.start("notice-" + run.key(), () -> listen(run, shell, deadline));
        try {
            return exchange.with(shell);
        } finally {
            listening.cancel();
        }
    }

    /** If the connection breaks, whoever connects anew listens anew. */
    private boolean listen(MemberRun run, Shell shell, Deadline deadline)
            throws InterruptedException {
        return shell.awaitNotice(deadline) instanceof Answer.Ok<Optional<String>>(var notice)
                && notice.isPresent()
                && lost.complete(
                        Answer.failed(
                                Failure.Kind.LOST,
                                "the cloud takes machine "
                                        + run.hold().machine()
                                        + " back: "
                                        + notice.get()));
    }
}
