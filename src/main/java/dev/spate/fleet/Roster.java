package dev.spate.fleet;

import dev.spate.job.Hold;
import dev.spate.job.Launch;
import dev.spate.job.MachineId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which machines there are, for people to look at; nothing is decided by it. Remembers where they
 * came from, and asks the others for the rest. Safe for any thread.
 */
final class Roster {

    private final MachineWatch watch;
    private final IdlePool idle;
    private final Terminations terminations;
    private final Leases leases;

    // Guarded by this.
    private final Map<MachineId, Launch> launches = new HashMap<>();

    Roster(MachineWatch watch, IdlePool idle, Terminations terminations, Leases leases) {
        this.watch = watch;
        this.idle = idle;
        this.terminations = terminations;
        this.leases = leases;
    }

    /** Machines came out of a launch. */
    synchronized void came(Launch launch, List<Machine> machines) {
        machines.forEach(machine -> launches.put(machine.id(), launch));
    }

    /** A machine was taken over with its job. */
    synchronized void held(Hold hold) {
        launches.put(hold.machine(), hold.launch());
    }

    /** Machines are gone, or somebody else's now. */
    synchronized void forget(Collection<MachineId> machines) {
        machines.forEach(launches::remove);
    }

    /** All that are looked after. The parts are asked one after the other, so they may differ. */
    List<RosterEntry> entries() {
        List<RosterEntry> entries = new ArrayList<>();
        watch.watched()
                .forEach(
                        (id, seen) ->
                                entries.add(
                                        new RosterEntry(
                                                id,
                                                standing(id, seen),
                                                seen,
                                                launch(id),
                                                leases.left(id))));
        return entries;
    }

    private synchronized Optional<Launch> launch(MachineId id) {
        return Optional.ofNullable(launches.get(id));
    }

    private RosterEntry.Standing standing(MachineId id, Optional<Machine> seen) {
        if (terminations.isUnderWay(id)) {
            return RosterEntry.Standing.ENDING;
        }
        if (idle.has(id)) {
            return RosterEntry.Standing.IDLE;
        }
        return switch (seen.map(Machine::state).orElse(Machine.State.PENDING)) {
            case PENDING -> RosterEntry.Standing.PENDING;
            case RUNNING -> RosterEntry.Standing.RUNNING;
            case STOPPING, GONE -> RosterEntry.Standing.ENDING;
        };
    }
}
