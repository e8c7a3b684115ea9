package dev.spate.web;

import java.time.Duration;

/** Whoever counts requests. Must not block; called by any thread. */
@FunctionalInterface
public interface RequestListener {

    /** Nobody counts. */
    RequestListener NONE = (_, _, _) -> {};

    /**
     * A request was answered.
     *
     * @param route as it is written in the API's description, such as {@code /api/jobs/{id}}; one
     *     of a dozen, or {@code other}
     * @param status of the answer
     * @param took until the answer was made; for a stream, until it ended; zero if it could not
     *     even be read
     */
    void answered(String route, int status, Duration took);
}
