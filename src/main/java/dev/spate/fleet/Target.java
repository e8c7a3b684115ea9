package dev.spate.fleet;

import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;

/**
 * A machine to connect to, and how to know that it is the one.
 *
 * @param machine which
 * @param address a numeric address or a host name
 * @param token the launch the machine came from: its host key and the key to log in with follow
 *     from it
 */
public record Target(MachineId machine, String address, LaunchToken token) {}
