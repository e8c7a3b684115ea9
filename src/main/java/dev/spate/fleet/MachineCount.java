package dev.spate.fleet;

import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many machines this worker has or has asked for, so that it never has more than it may. Safe
 * for any thread.
 */
final class MachineCount {

    private final int max;
    private final Map<LaunchToken, Launch> asked = new HashMap<>();
    private final Map<MachineId, Integer> shardOf = new HashMap<>();

    MachineCount(int max) {
        this.max = max;
    }

    /** How many more machines may be asked for. */
    synchronized int free() {
        return Math.max(0, max - inUse());
    }

    synchronized int inUse() {
        return asked.values().stream().mapToInt(Launch::count).sum() + shardOf.size();
    }

    /** Machines are about to be asked for. */
    synchronized void ask(Launch launch) {
        asked.put(launch.token(), launch);
    }

    /** The launch has been answered: only the machines that came still count. */
    synchronized void answered(Launch launch, List<Machine> came) {
        asked.remove(launch.token());
        came.stream()
                .filter(machine -> machine.state() != Machine.State.GONE)
                .forEach(machine -> shardOf.put(machine.id(), launch.shard()));
    }

    /** A machine is taken over from another worker, or from before. */
    synchronized void hold(MachineId machine, int shard) {
        shardOf.put(machine, shard);
    }

    /** A machine is gone. */
    synchronized void gone(MachineId machine) {
        shardOf.remove(machine);
    }

    /** A shard is somebody else's now, and so are its machines. */
    synchronized void drop(int shard) {
        asked.values().removeIf(launch -> launch.shard() == shard);
        shardOf.values().removeIf(of -> of == shard);
    }
}
