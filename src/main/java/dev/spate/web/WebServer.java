package dev.spate.web;

import dev.spate.async.Scheduler;
import dev.spate.board.Peer;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Serves metrics and health, from {@link #start} on; jobs, machines and the page about them once
 * {@link #serve} has said where they are to be had. Every error is a problem in the form of RFC
 * 9457. Safe for any thread.
 */
public final class WebServer implements AutoCloseable {

    private static final Duration BEAT_MAX = Duration.ofSeconds(10);

    /** Beats keep a stream from being taken for silent. */
    private static final int BEATS_IN_IDLE_TIMEOUT = 3;

    private final Javalin javalin;
    private final HttpSettings settings;
    private final Scheduler scheduler;
    private final Late late;
    private final Peers peers;
    private final Streams streams;
    private final EventHub hub;
    private final OutputRoutes output;
    private final SlowRequests slowRequests;

    private WebServer(
            HttpSettings settings,
            Supplier<String> metrics,
            Health health,
            RequestListener listener,
            Scheduler scheduler) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.late = new Late();
        this.peers = new Peers(scheduler);
        this.streams = new Streams(settings.streams());
        this.hub = new EventHub(late, scheduler, streams);
        JobLookup lookup = new JobLookup(late, peers);
        Others others = new Others(late, peers);
        this.output = new OutputRoutes(late, lookup, streams, scheduler, beat(settings));
        this.slowRequests = new SlowRequests(settings.idleTimeout(), scheduler);
        StatusRoutes status =
                new StatusRoutes(late, metrics, health, settings.token().isPresent(), scheduler);
        this.javalin =
                Javalin.create(
                        config -> {
                            quiet(config);
                            new JettyLimits(settings, listener, slowRequests).apply(config);
                            RoutesConfig routes = config.routes;
                            Turns turns = new Turns();
                            new SecurityHeaders().addTo(routes);
                            new RequestMeter(listener, scheduler).addTo(routes);
                            new OwnNames(settings).addTo(routes);
                            new Problems().addTo(routes);
                            status.addTo(routes);
                            new PageRoutes().addTo(routes);
                            new JobRoutes(late, others, lookup).addTo(routes, turns);
                            output.addTo(routes);
                            new MachineRoutes(late, others).addTo(routes, turns);
                            new StatisticsRoutes(late, others).addTo(routes, turns);
                            new EventRoutes(hub, scheduler, beat(settings)).addTo(routes);
                            new SubmissionRoutes(late, settings.token()).addTo(routes);
                            new OpenApiRoute().addTo(routes);
                        });
    }

    /**
     * Starts to serve. Blocks until the port is open.
     *
     * @param metrics the metrics in Prometheus' text format, made anew for every request
     * @throws UncheckedIOException if the port cannot be opened
     */
    public static WebServer start(
            HttpSettings settings,
            Supplier<String> metrics,
            Health health,
            RequestListener listener,
            Scheduler scheduler) {
        WebServer server = new WebServer(settings, metrics, health, listener, scheduler);
        try {
            server.javalin.start();
        } catch (JavalinException refused) {
            server.slowRequests.close();
            server.peers.close();
            String place = settings.host() + ":" + settings.port();
            IOException told =
                    new IOException(
                            "HTTP at "
                                    + place
                                    + ": "
                                    + rootMessage(refused)
                                    + "; end who has the port, or choose another address");
            told.addSuppressed(refused);
            throw new UncheckedIOException(told.getMessage(), told);
        }
        return server;
    }

    /** From now on there are jobs and machines to tell of. */
    public void serve(Api api) {
        late.set(api);
    }

    /** How many streams of events and output are open. */
    public int streams() {
        return streams.count();
    }

    /** How many may be open at a time. */
    public int streamsMax() {
        return settings.streams();
    }

    /** Every route, such as {@code GET /api/jobs/{id}}. */
    Set<String> routes() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .map(parsed -> parsed.endpoint)
                .filter(endpoint -> endpoint.method.isHttpMethod())
                .map(
                        endpoint ->
                                endpoint.method.name()
                                        + " "
                                        + endpoint.path.replace('<', '{').replace('>', '}'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The port it listens on. */
    public int port() {
        return javalin.port();
    }

    /**
     * Where the other workers of the group reach this one. Looks up this machine's address if it is
     * asked to listen on all; blocks for three seconds at most.
     */
    public Peer peer() {
        return new Peer(
                settings.advertisedHost()
                        .orElseGet(
                                () ->
                                        OwnAddress.of(
                                                settings.host(),
                                                InetAddress::getLocalHost,
                                                OwnAddress::ofInterfaces,
                                                scheduler)),
                port());
    }

    /** Where it can be reached from this machine, such as {@code http://127.0.0.1:9400}. */
    public String url() {
        String reachable =
                switch (settings.host()) {
                    case "0.0.0.0", "::" -> "localhost";
                    case String name when name.contains(":") -> "[" + name + "]";
                    case String name -> name;
                };
        return "http://" + reachable + ":" + port();
    }

    /** Stops to serve, whoever is connected. Idempotent. */
    @Override
    public void close() {
        hub.close();
        output.close();
        slowRequests.close();
        javalin.stop();
        peers.close();
    }

    private static Duration beat(HttpSettings settings) {
        Duration share = settings.idleTimeout().dividedBy(BEATS_IN_IDLE_TIMEOUT);
        return share.compareTo(BEAT_MAX) < 0 ? share : BEAT_MAX;
    }

    private static @Nullable String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    private static void quiet(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
    }
}
