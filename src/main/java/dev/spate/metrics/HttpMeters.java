package dev.spate.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts requests over HTTP. Never blocks; safe for any thread. */
public final class HttpMeters {

    private static final int ROUTES_MAX = 30;
    private static final int HUNDRED = 100;

    private final MeterRegistry registry;
    private final BoundedLabel routes = new BoundedLabel(ROUTES_MAX);

    HttpMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * A request was answered.
     *
     * @param route one of a few
     * @param status counted by its first digit
     */
    public void answered(String route, int status, Duration took) {
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
}
