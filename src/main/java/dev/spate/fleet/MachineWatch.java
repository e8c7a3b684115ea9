package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.MachineId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one loop that looks at all machines of the worker, few calls for many machines, and tells
 * whoever waits for a change.
 *
 * <p>A machine is looked at often while somebody expects a change soon, and now and then otherwise.
 * Safe for any thread; futures complete on the thread that saw the change.
 */
final class MachineWatch {

    private static final Logger log = LoggerFactory.getLogger(MachineWatch.class);

    /** Machines that are gone are remembered, so that nobody has to look again. */
    private static final int GONE_MAX = 1_000;

    private final Cloud cloud;
    private final FleetSettings settings;
    private final Scheduler scheduler;
    private final Consumer<Machine> onChange;

    // Ordered, so that the same history makes the same calls.
    private final Map<MachineId, WatchedMachine> watched = new LinkedHashMap<>();
    private final LinkedHashMap<MachineId, Machine> gone = new LinkedHashMap<>();
    private CompletableFuture<Void> sooner = new CompletableFuture<>();
    private Deadline nextLook = Deadline.NEVER;
    private Deadline notBefore;
    private boolean isCloudDown;

    /**
     * @param onChange told when a watched machine is seen for the first time or in another state,
     *     before those who wait for it; must not block
     */
    MachineWatch(
            Cloud cloud, FleetSettings settings, Scheduler scheduler, Consumer<Machine> onChange) {
        this.cloud = cloud;
        this.settings = settings;
        this.scheduler = scheduler;
        this.onChange = onChange;
        this.notBefore = Deadline.after(scheduler, settings.pollPending());
    }

    /** Begins to look at a machine. */
    void add(MachineId id) {
        change(id, _ -> {});
    }

    /** A machine was described by somebody else's call. */
    void saw(Machine machine) {
        add(machine.id());
        update(List.of(machine));
    }

    /** The machine as last seen. */
    synchronized Optional<Machine> latest(MachineId id) {
        Machine dead = gone.get(id);
        if (dead != null) {
            return Optional.of(dead);
        }
        return Optional.ofNullable(watched.get(id)).flatMap(WatchedMachine::latest);
    }

    /** Whether the machine was last seen going or gone. */
    boolean isEnding(MachineId id) {
        return latest(id).filter(Machine::isEnding).isPresent();
    }

    /**
     * Completes when the machine looks as wanted, or is gone. Cancelled if the machine is
     * forgotten. Cancel it when nobody waits any more.
     *
     * @param isSoon whether this is expected to happen within seconds, so that it is worth looking
     *     often
     */
    CompletableFuture<Machine> when(MachineId id, boolean isSoon, Predicate<Machine> test) {
        CompletableFuture<Machine> future = new CompletableFuture<>();
        synchronized (this) {
            Optional<Machine> latest = latest(id);
            if (latest.isPresent() && WatchedMachine.isMet(latest.get(), test)) {
                return CompletableFuture.completedFuture(latest.get());
            }
        }
        change(id, machine -> machine.expect(test, isSoon, future));
        return future;
    }

    /** Completes when the machine is gone: nothing runs on it any more. */
    CompletableFuture<Machine> whenGone(MachineId id, boolean isSoon) {
        return when(id, isSoon, machine -> machine.state() == Machine.State.GONE);
    }

    /** Stops looking at machines; who waits for them is told by a cancellation. */
    void forget(Collection<MachineId> ids) {
        List<CompletableFuture<Machine>> abandoned = new ArrayList<>();
        synchronized (this) {
            for (MachineId id : ids) {
                WatchedMachine machine = watched.remove(id);
                if (machine != null) {
                    abandoned.addAll(machine.abandon());
                }
            }
        }
        abandoned.forEach(future -> future.cancel(false));
    }

    /** The machines looked at, as last seen; empty for those never seen yet. */
    synchronized Map<MachineId, Optional<Machine>> watched() {
        Map<MachineId, Optional<Machine>> all = new LinkedHashMap<>();
        watched.forEach((id, machine) -> all.put(id, machine.latest()));
        return all;
    }

    /** The machines looked at, by state; those never seen yet count as pending. */
    synchronized Map<Machine.State, Long> states() {
        Map<Machine.State, Long> states = new EnumMap<>(Machine.State.class);
        watched.values().forEach(machine -> states.merge(machine.state(), 1L, Long::sum));
        return states;
    }

    /** Looks until interrupted. */
    void run() throws InterruptedException {
        while (true) {
            awaitNextLook();
            try {
                for (Set<MachineId> ids : due()) {
                    look(ids);
                }
            } catch (RuntimeException bug) {
                // Were this loop to end, nobody would ever hear of a machine again.
                log.error("Machines cannot be looked at for a mistake, and are tried again", bug);
                scheduler.sleep(settings.retryPause());
            }
        }
    }

    /**
     * Watches a machine for something more, and wakes the loop if it has to look earlier for it.
     */
    private void change(MachineId id, Consumer<WatchedMachine> change) {
        CompletableFuture<Void> wake;
        synchronized (this) {
            if (gone.containsKey(id)) {
                return;
            }
            WatchedMachine machine =
                    watched.computeIfAbsent(id, _ -> new WatchedMachine(id, settings, scheduler));
            change.accept(machine);
            Deadline look = lookAt(machine);
            if (nextLook.sooner(look).equals(nextLook)) {
                return;
            }
            wake = sooner;
        }
        wake.complete(null);
    }

    private void awaitNextLook() throws InterruptedException {
        while (true) {
            CompletableFuture<Void> wake;
            Deadline until;
            synchronized (this) {
                watched.values().forEach(WatchedMachine::prune);
                nextLook = earliest();
                until = nextLook;
                sooner = new CompletableFuture<>();
                wake = sooner;
            }
            try {
                if (until.hasPassed(scheduler)) {
                    return;
                }
                scheduler.await(wake, until);
            } catch (TimeoutException itIsTime) {
                return;
            } catch (ExecutionException impossible) {
                throw new IllegalStateException("the wake-up call never fails", impossible);
            }
        }
    }

    private Deadline earliest() {
        Deadline earliest = Deadline.NEVER;
        for (WatchedMachine machine : watched.values()) {
            earliest = earliest.sooner(lookAt(machine));
        }
        return earliest;
    }

    /** When to look at a machine: looks keep a distance from each other, to gather machines. */
    private Deadline lookAt(WatchedMachine machine) {
        Deadline due = new Deadline(machine.dueNanos(), false);
        return due.sooner(notBefore).equals(due) ? notBefore : due;
    }

    /** The machines to look at now, as few calls as will do, each as full as is worth it. */
    private synchronized List<Set<MachineId>> due() {
        notBefore = Deadline.after(scheduler, settings.pollPending());
        long nowNanos = scheduler.nanoTime();
        List<WatchedMachine> order = new ArrayList<>(watched.values());
        order.sort(Comparator.comparingLong(machine -> machine.dueNanos() - nowNanos));
        List<Set<MachineId>> calls = new ArrayList<>();
        Set<MachineId> open = Set.of();
        for (WatchedMachine machine : order) {
            boolean isDue = machine.dueNanos() - nowNanos <= 0;
            boolean hasRoom = !calls.isEmpty() && open.size() < Cloud.IDS_MAX;
            if (isDue && !hasRoom) {
                open = new LinkedHashSet<>();
                calls.add(open);
            }
            if (isDue || (hasRoom && machine.isAlmostDue())) {
                open.add(machine.id());
            }
        }
        return calls;
    }

    private void look(Set<MachineId> ids) throws InterruptedException {
        switch (cloud.describe(ids, Deadline.after(scheduler, settings.callTimeout()))) {
            case Answer.Ok<List<Machine>>(List<Machine> machines) -> {
                if (isCloudDown) {
                    log.info("The cloud answers again");
                    isCloudDown = false;
                }
                update(machines);
                Set<MachineId> unknown = new LinkedHashSet<>(ids);
                machines.forEach(machine -> unknown.remove(machine.id()));
                update(denied(unknown));
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
    private synchronized List<Machine> denied(Set<MachineId> ids) {
        List<Machine> lost = new ArrayList<>();
        for (MachineId id : ids) {
            WatchedMachine machine = watched.get(id);
            // EC2's reads lag behind its writes: a fresh id may be unknown for a while.
            if (machine != null && machine.denied()) {
                lost.add(Machine.unknown(id, machine.latest().orElse(null)));
            }
        }
        return lost;
    }

    private void update(List<Machine> machines) {
        List<Machine> changed = new ArrayList<>();
        Map<CompletableFuture<Machine>, Machine> met = new LinkedHashMap<>();
        synchronized (this) {
            for (Machine machine : machines) {
                WatchedMachine entry = watched.get(machine.id());
                if (entry == null) {
                    continue;
                }
                if (entry.saw(machine)) {
                    changed.add(machine);
                }
                Machine latest = entry.latest().orElseThrow();
                entry.met().forEach(future -> met.put(future, latest));
                if (latest.state() == Machine.State.GONE) {
                    bury(latest);
                }
            }
        }
        changed.forEach(onChange);
        met.forEach(CompletableFuture::complete);
    }

    private void bury(Machine machine) {
        watched.remove(machine.id());
        gone.put(machine.id(), machine);
        if (gone.size() > GONE_MAX) {
            gone.pollFirstEntry();
        }
    }
}
