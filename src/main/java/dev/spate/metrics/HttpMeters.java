package dev.spate.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/** Counts requests over HTTP. Never blocks; safe for any thread. */
public final class HttpMeters {

    private static final int ROUTES_MAX = 30;
    private static final String OTHER = "other";
    private static final int HUNDRED = 100;

    /** From here on a status says that the request was not answered as asked. */
    private static final int REFUSED = 400;

    /** What the worker answers with; any other is counted as {@code other}. */
    private static final List<Integer> REFUSALS =
            List.of(400, 401, 403, 404, 405, 413, 414, 415, 421, 431, 500, 503);

    /** Says how the worker is, with a status of 503 if that is not well: an answer, no refusal. */
    private static final String HEALTH = "/health/";

    private final MeterRegistry registry;
    private final BoundedLabel routes = new BoundedLabel(ROUTES_MAX);

    HttpMeters(MeterRegistry registry) {
        this.registry = registry;
        REFUSALS.forEach(status -> refused(status.toString()));
        refused(OTHER);
    }

    /**
     * A request was answered.
     *
     * @param route one of a few
     * @param status how long it took is counted by its first digit; that it was refused, as it is
     */
    public void answered(String route, int status, Duration took) {
        if (status >= REFUSED && !route.startsWith(HEALTH)) {
            refused(REFUSALS.contains(status) ? Integer.toString(status) : OTHER).increment();
        }
        Timer.builder("spate.http.request.duration")
                .description(
                        "How long answering a request took, by route and class of status; streams"
                                + " last as long as their clients like.")
                .tag("route", routes.of(route))
                .tag("status", status / HUNDRED + "xx")
                .serviceLevelObjectives(Buckets.CALLS)
                .register(registry)
                .record(took);
    }

    private Counter refused(String status) {
        return Counter.builder("spate.http.refused")
                .description(
                        "Requests that were not answered as asked, by status; a worker's word that"
                                + " it is not well is not among them.")
                .tag("status", status)
                .register(registry);
    }
}
