package dev.spate.job;

import java.time.Instant;

/**
 * A machine that a member has been promised.
 *
 * @param member whose it is
 * @param launch the launch the machine comes from
 * @param index which of the launch's machines, 0 up to its count, exclusive
 */
public record Seat(Member member, Launch launch, int index) {

    public Seat {
        if (index < 0 || index >= launch.count()) {
            throw new IllegalArgumentException(
                    "index: expected 0 to " + (launch.count() - 1) + ", found " + index);
        }
    }

    /** The same seat, now that the machine is known. */
    public Hold on(MachineId machine, Instant since) {
        return new Hold(member, launch, machine, since);
    }
}
