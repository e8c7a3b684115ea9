package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.LogContext;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.Machine;
import dev.spate.fleet.OutputSink.Stream;
import dev.spate.fleet.RunKey;
import dev.spate.fleet.RunStatus;
import dev.spate.fleet.Shell;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.MemberResult;
import dev.spate.job.OutputFile;
import dev.spate.job.Role;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One member's run on its machine: the connection, made anew whenever it breaks, and what is known
 * of the run.
 *
 * <p>Safe for several threads, but one of them at a time exchanges.
 */
final class MemberRun implements AutoCloseable {

    /** How long to wait before connecting again when a connection broke. */
    private static final Duration RECONNECT_PAUSE = Duration.ofMillis(200);

    private final Hold hold;
    private final Role role;
    private final RunKey key;
    private final RunOutput output;
    private final Fleet fleet;
    private final Scheduler scheduler;
    private final CompletableFuture<Machine> gone;

    // Guarded by this.
    private Fleet.@Nullable Reached reached;
    private boolean isClosed;

    private volatile String address = "";
    private volatile Duration connectTime = Duration.ZERO;
    private volatile RunStatus status = new RunStatus.NotStarted();
    private volatile List<OutputFile> outputs = List.of();

    MemberRun(
            Hold hold, Role role, RunKey key, RunOutput output, Fleet fleet, Scheduler scheduler) {
        this.hold = hold;
        this.role = role;
        this.key = key;
        this.output = output;
        this.fleet = fleet;
        this.scheduler = scheduler;
        this.gone = fleet.whenGone(hold.machine());
        // A machine that is gone may leave its connection half open; closing it wakes whoever waits
        // for it.
        var _ = gone.thenRun(this::drop);
    }

    Hold hold() {
        return hold;
    }

    Role role() {
        return role;
    }

    RunKey key() {
        return key;
    }

    RunOutput output() {
        return output;
    }

    /** Where the machine is; empty until it has been reached. */
    String address() {
        return address;
    }

    /** How long the last successful try to connect took. */
    Duration connectTime() {
        return connectTime;
    }

    RunStatus status() {
        return status;
    }

    void status(RunStatus seen) {
        status = seen;
    }

    void outputs(List<OutputFile> fetched) {
        outputs = List.copyOf(fetched);
    }

    MemberResult result() {
        return new MemberResult(
                hold.member(),
                hold.machine(),
                hold.launch().pool(),
                status instanceof RunStatus.Exited(int code)
                        ? OptionalInt.of(code)
                        : OptionalInt.empty(),
                output.captured(Stream.OUT),
                output.captured(Stream.ERR),
                outputs);
    }

    /** Follows the run to its end, from where its output was seen last. */
    Answer<RunStatus.Ended> watch(Shell shell, Deadline deadline) throws InterruptedException {
        return shell.watch(
                key, output.offset(Stream.OUT), output.offset(Stream.ERR), output, deadline);
    }

    /** Something to do over a connection. */
    interface Exchange<T> {
        Answer<T> with(Shell shell) throws InterruptedException;
    }

    /**
     * Uses the connection, and connects and tries again for as long as it is the connection that
     * fails, and not the machine that is gone. Blocks until the deadline at most.
     */
    <T> Answer<T> persistently(Deadline deadline, Exchange<T> exchange)
            throws InterruptedException {
        LogContext.MACHINE.is(hold.machine());
        while (true) {
            Answer<T> answer = once(deadline, exchange);
            boolean isBroken =
                    answer instanceof Answer.Failed<T>(Failure why)
                            && why.kind() == Failure.Kind.INFRASTRUCTURE;
            boolean isLate = deadline.remaining(scheduler).compareTo(RECONNECT_PAUSE) <= 0;
            // Why a machine ended may well be of the kind that a broken connection is.
            if (!isBroken || isLate || gone.isDone()) {
                return answer;
            }
            drop();
            scheduler.sleep(RECONNECT_PAUSE);
        }
    }

    /** Drops the connection; what runs goes on. */
    void drop() {
        Fleet.Reached before;
        synchronized (this) {
            before = reached;
            reached = null;
        }
        if (before != null) {
            before.shell().close();
        }
    }

    /** Drops the connection for good. */
    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        gone.cancel(false);
        drop();
    }

    private <T> Answer<T> once(Deadline deadline, Exchange<T> exchange)
            throws InterruptedException {
        Fleet.Reached standing = standing();
        if (standing != null) {
            return exchange.with(standing.shell());
        }
        drop();
        return switch (fleet.reach(hold, deadline)) {
            case Answer.Ok<Fleet.Reached>(Fleet.Reached fresh) -> {
                keep(fresh);
                yield exchange.with(fresh.shell());
            }
            case Answer.Failed<Fleet.Reached> failed -> failed.as();
        };
    }

    private synchronized Fleet.@Nullable Reached standing() {
        return reached != null && reached.shell().isOpen() ? reached : null;
    }

    private void keep(Fleet.Reached fresh) {
        boolean isLate;
        synchronized (this) {
            isLate = isClosed;
            if (!isLate) {
                reached = fresh;
            }
        }
        address = fresh.machine().address().orElseThrow();
        connectTime = fresh.connectTime();
        if (isLate) {
            fresh.shell().close();
        }
    }
}
