package dev.spate.fleet;

import dev.spate.async.Batch;
import dev.spate.async.BatchIterator;
import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.MachineId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends machines, many with one call, and keeps at it until each is seen to be gone. Safe for any
 * thread.
 *
 * <p>That a call succeeded, or that the cloud does not know a machine, is no proof that it is gone:
 * only {@link MachineWatch} says so.
 */
final class Terminations {

    private static final Logger log = LoggerFactory.getLogger(Terminations.class);

    private final Cloud cloud;
    private final MachineWatch watch;
    private final FleetSettings settings;
    private final Scheduler scheduler;
    private final BatchIterator<MachineId> requests;
    private final Map<MachineId, CompletableFuture<Machine>> underWay = new HashMap<>();

    Terminations(Cloud cloud, MachineWatch watch, FleetSettings settings, Scheduler scheduler) {
        this.cloud = cloud;
        this.watch = watch;
        this.settings = settings;
        this.scheduler = scheduler;
        this.requests =
                new BatchIterator<>(
                        new BatchIterator.Limits(
                                Cloud.IDS_MAX, Long.MAX_VALUE, settings.terminateLinger(), 1),
                        _ -> 0,
                        scheduler,
                        // Bounded by the number of machines: each is asked for once at a time.
                        BatchIterator.Pressure.none());
    }

    /** Ends a machine, however long that takes; completes when it is gone. */
    CompletableFuture<Machine> terminate(MachineId id) {
        CompletableFuture<Machine> gone;
        synchronized (this) {
            CompletableFuture<Machine> before = underWay.get(id);
            if (before != null) {
                return before;
            }
            gone = watch.whenGone(id, true);
            underWay.put(id, gone);
        }
        var _ = gone.whenComplete((_, _) -> forget(id));
        if (!gone.isDone()) {
            requests.offer(id);
        }
        return gone;
    }

    /** How many machines are being ended. */
    synchronized int count() {
        return underWay.size();
    }

    /** Asks the cloud until interrupted or closed. */
    void run() throws InterruptedException {
        try {
            while (true) {
                Optional<Batch<MachineId>> batch = scheduler.await(requests.next(), Deadline.NEVER);
                if (batch.isEmpty()) {
                    return;
                }
                terminate(new HashSet<>(batch.get().elements()));
            }
        } catch (ExecutionException | TimeoutException impossible) {
            throw new IllegalStateException(
                    "requests never fail and are waited for for ever", impossible);
        }
    }

    void close() {
        requests.close();
    }

    private void terminate(Set<MachineId> ids) throws InterruptedException {
        switch (cloud.terminate(ids, Deadline.after(scheduler, settings.callTimeout()))) {
            case Answer.Ok<Map<MachineId, Failure>>(Map<MachineId, Failure> refused) ->
                    refused.forEach(
                            (id, why) ->
                                    log.warn(
                                            "Machine {} cannot be ended, and is tried again: {}",
                                            id,
                                            why));
            case Answer.Failed<Map<MachineId, Failure>>(Failure why) ->
                    log.warn(
                            "{} machines cannot be ended, and are tried again: {}",
                            ids.size(),
                            why);
        }
        // Asked again until it is seen to be gone: for what was refused, and for what the cloud
        // forgot.
        scheduler.schedule(settings.retryPause().multipliedBy(2), () -> ids.forEach(this::again));
    }

    private void again(MachineId id) {
        boolean isGoing =
                watch.latest(id)
                        .filter(machine -> machine.state() == Machine.State.STOPPING)
                        .isPresent();
        boolean isWanted;
        synchronized (this) {
            isWanted = underWay.containsKey(id);
        }
        if (isWanted && isGoing) {
            scheduler.schedule(settings.retryPause().multipliedBy(4), () -> again(id));
        } else if (isWanted) {
            requests.offer(id);
        }
    }

    private synchronized void forget(MachineId id) {
        underWay.remove(id);
    }
}
