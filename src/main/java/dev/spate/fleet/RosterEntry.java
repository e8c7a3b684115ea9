package dev.spate.fleet;

import dev.spate.job.Launch;
import dev.spate.job.MachineId;
import java.time.Duration;
import java.util.Optional;

/**
 * A machine of the worker's that is not known to be gone.
 *
 * @param id the machine
 * @param standing what becomes of it at present
 * @param seen as the cloud last described it; empty if it has not been seen yet
 * @param launch where it came from; empty if nobody knows, as of one that the sweeper found
 * @param leaseLeft how long it may live if nobody extends its lease, by this worker's clock; zero
 *     if that is over
 */
public record RosterEntry(
        MachineId id,
        Standing standing,
        Optional<Machine> seen,
        Optional<Launch> launch,
        Optional<Duration> leaseLeft) {

    /** What becomes of a machine. */
    public enum Standing {
        /** It is being made. */
        PENDING,
        /** It is there for a job. */
        RUNNING,
        /** It waits for another job. */
        IDLE,
        /** It is being ended, or goes by itself. */
        ENDING
    }
}
