package dev.spate.job;

/**
 * A machine that a member has.
 *
 * @param member whose it is
 * @param launch the launch the machine came from, perhaps for another job
 * @param machine the machine
 */
public record Hold(Member member, Launch launch, MachineId machine) {}
