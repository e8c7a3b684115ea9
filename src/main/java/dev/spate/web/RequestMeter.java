package dev.spate.web;

import dev.spate.async.Scheduler;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tells of every request that reaches a route how long it took and how it ended. */
final class RequestMeter {

    /** What reaches no route. */
    static final String OTHER = "other";

    private static final String BEGAN = "spate.began";

    private final RequestListener listener;
    private final Scheduler scheduler;

    RequestMeter(RequestListener listener, Scheduler scheduler) {
        this.listener = listener;
        this.scheduler = scheduler;
    }

    void addTo(RoutesConfig routes) {
        routes.before(context -> context.attribute(BEGAN, scheduler.nanoTime()));
        routes.after(this::tell);
    }

    private void tell(Context context) {
        Long began = context.attribute(BEGAN);
        Duration took =
                began == null ? Duration.ZERO : Duration.ofNanos(scheduler.nanoTime() - began);
        String route = route(context.endpoints().matchedHttpEndpoint());
        listener.answered(route, context.statusCode(), took);
    }

    private static String route(@Nullable Endpoint endpoint) {
        if (endpoint == null) {
            return OTHER;
        }
        return endpoint.method.equals(HandlerType.GET)
                ? endpoint.path
                : endpoint.method.name() + " " + endpoint.path;
    }
}
