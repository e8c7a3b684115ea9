package dev.spate.fleet;

import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many machines this worker has or has asked for, so that it never asks for more than it may
 * have. What it takes over from others counts, and may be more. Safe for any thread.
 */
final class MachineCount {

    private final int max;
    private final Map<LaunchToken, Launch> asked = new HashMap<>();
    private final Map<MachineId, Integer> shardOf = new LinkedHashMap<>();

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

    /** How many of them are a shard's. */
    synchronized int inUse(int shard) {
        return asked.values().stream()
                        .filter(launch -> launch.shard() == shard)
                        .mapToInt(Launch::count)
                        .sum()
                + (int) shardOf.values().stream().filter(of -> of == shard).count();
    }

    /** Machines are about to be asked for. */
    synchronized void ask(Launch launch) {
        asked.put(launch.token(), launch);
    }

    /** Whether it is open what comes out of a launch. */
    synchronized boolean isAsked(LaunchToken token) {
        return asked.containsKey(token);
    }

    /**
     * The launch has been answered: from now on the machines that came count, if they are not gone.
     *
     * @return whether this is news: false if it was answered before, or its shard was dropped
     */
    synchronized boolean answered(Launch launch, List<Machine> came) {
        if (asked.remove(launch.token()) == null) {
            return false;
        }
        came.stream()
                .filter(machine -> machine.state() != Machine.State.GONE)
                .forEach(machine -> shardOf.put(machine.id(), launch.shard()));
        return true;
    }

    /** A machine is taken over from another worker, or from before. */
    synchronized void hold(MachineId machine, int shard) {
        shardOf.put(machine, shard);
    }

    /**
     * A machine is gone.
     *
     * @return whether it counted until now
     */
    synchronized boolean gone(MachineId machine) {
        return shardOf.remove(machine) != null;
    }

    /**
     * A shard is somebody else's now, and so are its machines.
     *
     * @return the machines
     */
    synchronized List<MachineId> drop(int shard) {
        asked.values().removeIf(launch -> launch.shard() == shard);
        List<MachineId> theirs = new ArrayList<>();
        shardOf.forEach(
                (machine, of) -> {
                    if (of == shard) {
                        theirs.add(machine);
                    }
                });
        theirs.forEach(shardOf::remove);
        return theirs;
    }
}
