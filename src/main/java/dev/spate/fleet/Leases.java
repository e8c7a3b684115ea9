package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.MachineId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When each machine of the worker's ends by itself at the latest, by this worker's monotonic clock:
 * neither tags that are out of date nor a wall clock that jumps make a lease shorter. Safe for any
 * thread.
 */
final class Leases {

    private final Scheduler scheduler;
    private final Map<MachineId, Deadline> ends = new HashMap<>();

    Leases(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** A machine was given this long, now or a while ago. */
    synchronized void granted(MachineId machine, Duration lease) {
        ends.put(machine, Deadline.after(scheduler, lease));
    }

    synchronized void forget(Collection<MachineId> machines) {
        machines.forEach(ends::remove);
    }

    /** How long a machine has left; zero if that is over, empty if nothing is known of it. */
    synchronized Optional<Duration> left(MachineId machine) {
        return Optional.ofNullable(ends.get(machine)).map(end -> end.remaining(scheduler));
    }

    /** Whether a machine is past its lease for so long; false if nothing is known of it. */
    synchronized boolean isOver(MachineId machine, Duration grace) {
        Deadline end = ends.get(machine);
        return end != null
                && new Deadline(end.nanoTime() + grace.toNanos(), false).hasPassed(scheduler);
    }
}
