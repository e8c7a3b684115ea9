package dev.spate.fleet;

import dev.spate.async.Batch;
import dev.spate.async.BatchIterator;
import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.MachineId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends machines, many with one call, and keeps at it until each is seen to be gone. Safe for any
 * thread.
 *
 * <p>That a call succeeded, or that the cloud does not know a machine, is no proof that it is gone:
 * only {@link MachineWatch} says so. A machine that the watch forgets is not asked for again.
 *
 * <p>Before each call every shard in it is confirmed to be this worker's. The machines of one that
 * is not stay where they are: they may be another owner's.
 */
final class Terminations {

    private static final Logger log = LoggerFactory.getLogger(Terminations.class);

    private final Cloud cloud;
    private final MachineWatch watch;
    private final OwnedShards shards;
    private final FleetSettings settings;
    private final Scheduler scheduler;
    private final BatchIterator<MachineId> requests;
    private final Map<MachineId, Ending> underWay = new HashMap<>();
    private boolean isClosed;

    private record Ending(int shard, CompletableFuture<Machine> gone) {}

    Terminations(
            Cloud cloud,
            MachineWatch watch,
            OwnedShards shards,
            FleetSettings settings,
            Scheduler scheduler) {
        this.cloud = cloud;
        this.watch = watch;
        this.shards = shards;
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

    /**
     * Ends a machine, however long that takes.
     *
     * @param shard whose machine it is
     * @param begins run if the machine is not being ended already, and is not gone
     * @return completes when it is gone; cancelled if the machine is forgotten. To cancel it
     *     cancels nothing
     */
    CompletableFuture<Machine> terminate(MachineId id, int shard, Runnable begins) {
        CompletableFuture<Machine> gone;
        synchronized (this) {
            Ending before = underWay.get(id);
            if (before != null) {
                return Shared.copy(before.gone());
            }
            gone = watch.whenGone(id, true);
            if (gone.isDone()) {
                return gone;
            }
            underWay.put(id, new Ending(shard, gone));
        }
        begins.run();
        var _ = gone.whenComplete((_, _) -> forget(id));
        requests.offer(id);
        return Shared.copy(gone);
    }

    /** Whether the machine is being ended. */
    synchronized boolean isUnderWay(MachineId id) {
        return underWay.containsKey(id);
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
                // What was left to be asked for when it closed is left to whoever comes next.
                if (batch.isEmpty() || isClosed()) {
                    return;
                }
                List<MachineId> ids =
                        batch.get().elements().stream().filter(this::isUnderWay).toList();
                if (!ids.isEmpty()) {
                    askIfOurs(ids);
                    // For what was refused, and for what the cloud forgot.
                    scheduler.schedule(settings.retryPause().multipliedBy(2), () -> again(ids));
                }
            }
        } catch (ExecutionException | TimeoutException impossible) {
            throw new IllegalStateException(
                    "requests never fail and are waited for for ever", impossible);
        }
    }

    /** Asks for nothing more. */
    void close() {
        synchronized (this) {
            isClosed = true;
        }
        requests.close();
    }

    /** Asks for the machines of those shards that are certain to be this worker's still. */
    private void askIfOurs(List<MachineId> ids) throws InterruptedException {
        Deadline confirmed = Deadline.after(scheduler, OwnedShards.CONFIRMED_FOR);
        Set<Integer> ours = shards.confirm(shardsOf(ids));
        Set<MachineId> certain = new LinkedHashSet<>();
        synchronized (this) {
            for (MachineId id : ids) {
                // Looked up again: it may have been forgotten meanwhile.
                Ending ending = underWay.get(id);
                if (ending != null && ours.contains(ending.shard())) {
                    certain.add(id);
                }
            }
        }
        // This worker itself may have been stopped meanwhile.
        if (!certain.isEmpty() && !confirmed.hasPassed(scheduler)) {
            ask(certain, confirmed.sooner(Deadline.after(scheduler, settings.callTimeout())));
        }
    }

    private synchronized Set<Integer> shardsOf(List<MachineId> ids) {
        return ids.stream()
                .map(underWay::get)
                .filter(Objects::nonNull)
                .map(Ending::shard)
                .collect(Collectors.toSet());
    }

    private void ask(Set<MachineId> ids, Deadline deadline) throws InterruptedException {
        try {
            switch (cloud.terminate(ids, deadline)) {
                case Answer.Ok<Map<MachineId, Failure>>(Map<MachineId, Failure> refused) ->
                        refused.forEach(
                                (id, why) ->
                                        log.warn(
                                                "Machine {} cannot be ended, and is tried again:"
                                                        + " {}",
                                                id,
                                                why));
                case Answer.Failed<Map<MachineId, Failure>>(Failure why) ->
                        log.warn(
                                "{} machines cannot be ended, and are tried again: {}",
                                ids.size(),
                                why);
            }
        } catch (RuntimeException bug) {
            // Were this loop to end, no machine would ever be ended again.
            log.error(
                    "{} machines cannot be ended for a mistake, and are tried again",
                    ids.size(),
                    bug);
        }
    }

    /** Asks again for those that are not even going; looks again later at those that are. */
    private void again(List<MachineId> ids) {
        Map<Boolean, List<MachineId>> wanted;
        synchronized (this) {
            if (isClosed) {
                return;
            }
            wanted =
                    ids.stream()
                            .filter(underWay::containsKey)
                            .collect(Collectors.partitioningBy(watch::isEnding));
        }
        List<MachineId> going = wanted.getOrDefault(true, List.of());
        if (!going.isEmpty()) {
            scheduler.schedule(settings.retryPause().multipliedBy(4), () -> again(going));
        }
        requests.offerAll(wanted.getOrDefault(false, List.of()));
    }

    private synchronized boolean isClosed() {
        return isClosed;
    }

    private synchronized void forget(MachineId id) {
        underWay.remove(id);
    }
}
