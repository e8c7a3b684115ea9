package dev.spate.fleet;

import dev.spate.job.Market;
import java.time.Duration;

/**
 * What happens to machines, for whoever counts it. Implementations are quick, never block and never
 * throw; safe for any thread.
 */
public interface FleetEvents {

    /** Nobody counts. */
    FleetEvents NONE = new FleetEvents() {};

    /** A call to the cloud was answered: {@code code} is {@code ok} or the cloud's error code. */
    default void cloudCall(String action, String code, Duration took) {}

    /** Machines came out of a launch. */
    default void launched(Market market, int count) {}

    /**
     * A machine is being ended, or is found to be gone though nobody ended it ({@code lost}):
     * {@code cause} is one of a handful of words.
     */
    default void terminated(String cause) {}

    /** A machine of this worker's is gone, and was paid for this long. */
    default void paid(Duration time) {}

    /** A connection to a machine stands, after this long. */
    default void connected(Duration took) {}

    /** Connections open now, by difference. */
    default void sessions(int difference) {}

    /** A machine showed a host key that is not the planted one. */
    default void hostKeyMismatch() {}

    /** A run wrote this much. */
    default void output(long bytes) {}
}
