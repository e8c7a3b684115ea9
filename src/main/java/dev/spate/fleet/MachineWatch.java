package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.MachineId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one loop that looks at all machines of the worker, few calls for many machines, and tells
 * whoever waits for a change.
 *
 * <p>It looks often while somebody expects a change soon, and now and then otherwise. Safe for any
 * thread; futures complete on the loop's thread.
 */
final class MachineWatch {

    private static final Logger log = LoggerFactory.getLogger(MachineWatch.class);

    private final Cloud cloud;
    private final FleetSettings settings;
    private final Scheduler scheduler;
    private final Consumer<Machine> onGone;
    private final Map<MachineId, Watched> watched = new HashMap<>();
    private CompletableFuture<Void> wake = new CompletableFuture<>();
    private boolean isCloudDown;

    /** A machine and who waits for what of it. */
    private static final class Watched {
        final List<Expectation> expectations = new ArrayList<>();
        @Nullable Machine latest;
        @Nullable Deadline unknownUntil;

        boolean isExpectedSoon() {
            return expectations.stream().anyMatch(Expectation::isSoon);
        }
    }

    private record Expectation(
            Predicate<Machine> test, boolean isSoon, CompletableFuture<Machine> future) {}

    /**
     * @param onGone told once of each watched machine that is gone, before those who wait for it;
     *     must not block
     */
    MachineWatch(
            Cloud cloud, FleetSettings settings, Scheduler scheduler, Consumer<Machine> onGone) {
        this.cloud = cloud;
        this.settings = settings;
        this.scheduler = scheduler;
        this.onGone = onGone;
    }

    /** Begins to look at a machine. */
    synchronized void add(MachineId id) {
        watched.computeIfAbsent(id, _ -> new Watched());
    }

    /** A machine was described by somebody else's call. */
    void saw(Machine machine) {
        add(machine.id());
        update(List.of(machine));
    }

    /** The machine as last seen. */
    synchronized Optional<Machine> latest(MachineId id) {
        Watched machine = watched.get(id);
        return machine == null ? Optional.empty() : Optional.ofNullable(machine.latest);
    }

    /**
     * Completes when the machine looks as wanted, or is gone.
     *
     * @param isSoon whether this is expected to happen within seconds, so that it is worth looking
     *     often
     */
    CompletableFuture<Machine> when(MachineId id, boolean isSoon, Predicate<Machine> test) {
        CompletableFuture<Machine> future = new CompletableFuture<>();
        CompletableFuture<Void> awake;
        synchronized (this) {
            Watched machine = watched.computeIfAbsent(id, _ -> new Watched());
            Machine latest = machine.latest;
            if (latest != null && (latest.state() == Machine.State.GONE || test.test(latest))) {
                return CompletableFuture.completedFuture(latest);
            }
            machine.expectations.add(new Expectation(test, isSoon, future));
            awake = wake;
        }
        if (isSoon) {
            awake.complete(null);
        }
        return future;
    }

    /** Completes when the machine is gone: nothing runs on it any more. */
    CompletableFuture<Machine> whenGone(MachineId id, boolean isSoon) {
        return when(id, isSoon, machine -> machine.state() == Machine.State.GONE);
    }

    /** Stops looking at machines; who waits for them waits for ever. */
    synchronized void forget(Collection<MachineId> ids) {
        ids.forEach(watched::remove);
    }

    /** The machines looked at, by state; those never seen yet count as pending. */
    synchronized Map<Machine.State, Long> states() {
        return watched.values().stream()
                .collect(
                        Collectors.groupingBy(
                                machine ->
                                        machine.latest == null
                                                ? Machine.State.PENDING
                                                : machine.latest.state(),
                                Collectors.counting()));
    }

    /** Looks until interrupted. */
    void run() throws InterruptedException {
        while (true) {
            pause();
            lookAtAll();
        }
    }

    private void pause() throws InterruptedException {
        CompletableFuture<Void> awake;
        boolean isSoon;
        synchronized (this) {
            watched.values().removeIf(MachineWatch::isSettled);
            watched.values()
                    .forEach(
                            machine ->
                                    machine.expectations.removeIf(
                                            expectation -> expectation.future().isDone()));
            isSoon = watched.values().stream().anyMatch(Watched::isExpectedSoon);
            if (wake.isDone()) {
                wake = new CompletableFuture<>();
            }
            awake = wake;
        }
        if (isSoon) {
            scheduler.sleep(settings.pollPending());
            return;
        }
        try {
            scheduler.await(awake, Deadline.after(scheduler, settings.pollRunning()));
            scheduler.sleep(settings.pollPending());
        } catch (TimeoutException itIsTime) {
            // Nobody is in a hurry; look all the same.
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("the wake-up call never fails", impossible);
        }
    }

    private static boolean isSettled(Watched machine) {
        return machine.latest != null && machine.latest.state() == Machine.State.GONE;
    }

    private void lookAtAll() throws InterruptedException {
        List<MachineId> ids;
        synchronized (this) {
            ids = List.copyOf(watched.keySet());
        }
        for (int from = 0; from < ids.size(); from += Cloud.IDS_MAX) {
            look(new HashSet<>(ids.subList(from, Math.min(ids.size(), from + Cloud.IDS_MAX))));
        }
    }

    private void look(Set<MachineId> ids) throws InterruptedException {
        switch (cloud.describe(ids, Deadline.after(scheduler, settings.callTimeout()))) {
            case Answer.Ok<List<Machine>>(List<Machine> machines) -> {
                if (isCloudDown) {
                    log.info("The cloud answers again");
                    isCloudDown = false;
                }
                update(machines);
                machines.forEach(machine -> ids.remove(machine.id()));
                update(unknown(ids));
            }
            case Answer.Failed<List<Machine>>(Failure failure) -> {
                if (!isCloudDown) {
                    log.warn("Machines cannot be looked at, and count as unchanged: {}", failure);
                    isCloudDown = true;
                }
                scheduler.sleep(settings.retryPause());
            }
        }
    }

    /** The machines the cloud has denied for so long that it must be true. */
    private synchronized List<Machine> unknown(Set<MachineId> ids) {
        List<Machine> gone = new ArrayList<>();
        for (MachineId id : ids) {
            Watched machine = watched.get(id);
            if (machine == null) {
                continue;
            }
            if (machine.unknownUntil == null) {
                // EC2's reads lag behind its writes: a fresh id may be unknown for a while.
                machine.unknownUntil = Deadline.after(scheduler, settings.notFoundGrace());
            } else if (machine.unknownUntil.hasPassed(scheduler)) {
                gone.add(Machine.unknown(id, machine.latest));
            }
        }
        return gone;
    }

    private void update(List<Machine> machines) {
        List<Machine> gone = new ArrayList<>();
        List<Runnable> met = new ArrayList<>();
        synchronized (this) {
            for (Machine machine : machines) {
                Watched entry = watched.get(machine.id());
                if (entry == null || isSettled(entry)) {
                    continue;
                }
                entry.latest = machine;
                entry.unknownUntil = null;
                boolean isGone = machine.state() == Machine.State.GONE;
                if (isGone) {
                    gone.add(machine);
                }
                entry.expectations.removeIf(
                        expectation -> {
                            boolean isMet = isGone || expectation.test().test(machine);
                            if (isMet) {
                                met.add(() -> expectation.future().complete(machine));
                            }
                            return isMet;
                        });
            }
        }
        gone.forEach(onGone);
        met.forEach(Runnable::run);
    }
}
