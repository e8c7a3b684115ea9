package dev.spate.job;

import java.time.Instant;

/**
 * A machine that a member has.
 *
 * @param member whose it is
 * @param launch the launch the machine came from, perhaps for another job
 * @param machine the machine
 * @param since when it became the member's, by the wall clock; for reports only
 */
public record Hold(Member member, Launch launch, MachineId machine, Instant since) {}
