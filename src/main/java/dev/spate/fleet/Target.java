package dev.spate.fleet;

import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;

/**
 * A machine to connect to, and how to know that it is the one; and in whose name.
 *
 * @param machine which
 * @param address a numeric address or a host name
 * @param token the launch the machine came from: its host key and the key to log in with follow
 *     from it
 * @param epoch of the shard's owner: what an owner with a higher one has had to do with, the
 *     machine does nothing about for this one; at least 0
 */
public record Target(MachineId machine, String address, LaunchToken token, long epoch) {
    public Target {
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch: expected at least 0, found " + epoch);
        }
    }

    /** A machine to connect to for something that has nothing to do with a job. */
    public Target(MachineId machine, String address, LaunchToken token) {
        this(machine, address, token, 0);
    }
}
