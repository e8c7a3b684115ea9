package dev.spate.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.job.Text;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.JettyConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /metrics}, {@code /health/live} and {@code /health/ready}. Every error is a problem
 * in the form of RFC 9457. Safe for any thread.
 */
public final class WebServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WebServer.class);

    /** More different mistakes than anybody has. */
    private static final int TOLD_MAX = 100;

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Javalin javalin;
    private final String host;

    private WebServer(Javalin javalin, String host) {
        this.javalin = javalin;
        this.host = host;
    }

    /**
     * Starts to serve. Blocks until the port is open.
     *
     * @param metrics the metrics in Prometheus' text format, made anew for every request
     * @throws UncheckedIOException if the port cannot be opened
     */
    public static WebServer start(HttpSettings settings, Supplier<String> metrics, Health health) {
        Javalin javalin =
                Javalin.create(
                        config -> {
                            quiet(config);
                            limit(config, settings);
                            routes(config, metrics, health);
                        });
        try {
            javalin.start();
        } catch (JavalinException refused) {
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
        return new WebServer(javalin, settings.host());
    }

    /** The port it listens on. */
    public int port() {
        return javalin.port();
    }

    /** Where it can be reached from this machine, such as {@code http://127.0.0.1:9400}. */
    public String url() {
        String reachable =
                switch (host) {
                    case "0.0.0.0", "::" -> "localhost";
                    case String name when name.contains(":") -> "[" + name + "]";
                    case String name -> name;
                };
        return "http://" + reachable + ":" + port();
    }

    /** Stops to serve, whoever is connected. Idempotent. */
    @Override
    public void close() {
        javalin.stop();
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

    private static void limit(JavalinConfig config, HttpSettings settings) {
        config.concurrency.useVirtualThreads = true;
        config.http.prefer405over404 = true;
        config.http.maxRequestSize = settings.requestMax().bytes();
        JettyConfig jetty = config.jetty;
        jetty.addConnector((server, http) -> connector(server, http, settings));
        jetty.modifyServletContextHandler(
                handler ->
                        handler.insertHandler(
                                new SizeLimitHandler(settings.requestMax().bytes(), -1)));
        jetty.modifyServer(
                server -> {
                    server.addBean(new NetworkConnectionLimit(settings.connectionsMax(), server));
                    server.setErrorHandler(new ProblemHandler());
                    // Nothing served here takes long, and kept-alive connections never end by
                    // themselves: closing waits for nobody.
                    server.setStopTimeout(0);
                });
    }

    private static ServerConnector connector(
            Server server, HttpConfiguration http, HttpSettings settings) {
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        ServerConnector connector =
                new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        return connector;
    }

    private static void routes(JavalinConfig config, Supplier<String> metrics, Health health) {
        Set<String> told = ConcurrentHashMap.newKeySet();
        config.routes.before(
                context ->
                        context.header("Cache-Control", "no-store")
                                .header("X-Content-Type-Options", "nosniff"));
        config.routes.get(
                "/metrics", context -> context.result(metrics.get()).contentType(METRICS_TYPE));
        config.routes.get(
                "/health/live", context -> answer(context, "live", health.reasonsNotLive()));
        config.routes.get(
                "/health/ready", context -> answer(context, "ready", health.reasonsNotReady()));
        config.routes.exception(
                HttpResponseException.class,
                (failure, context) ->
                        problem(
                                context,
                                new Problem(failure.getStatus(), detail(context, failure))));
        config.routes.exception(
                Exception.class,
                (failure, context) -> {
                    logOnce(failure, told);
                    problem(
                            context,
                            new Problem(500, "A mistake of Spate's: " + failure.getClass()));
                });
    }

    /** Once for each place it comes from: who asks does so every few seconds. */
    private static void logOnce(Exception failure, Set<String> told) {
        StackTraceElement[] trace = failure.getStackTrace();
        String place = failure.getClass() + (trace.length == 0 ? "" : " " + trace[0]);
        if (told.size() < TOLD_MAX && told.add(place)) {
            log.error("A mistake of Spate's; told once", failure);
        }
    }

    private static void answer(Context context, String word, List<String> reasonsNot) {
        boolean isSo = reasonsNot.isEmpty();
        ObjectNode body =
                JsonNodeFactory.instance.objectNode().put("status", isSo ? word : "not-" + word);
        ArrayNode reasons = body.putArray("reasons");
        reasonsNot.forEach(reasons::add);
        context.status(isSo ? 200 : 503).result(body.toString()).contentType("application/json");
    }

    private static String detail(Context context, HttpResponseException failure) {
        String path = Text.quoted(context.path());
        return switch (failure.getStatus()) {
            case 404 -> "There is nothing at " + path + ".";
            case 405 -> path + " answers GET only.";
            default -> Text.oneLine(String.valueOf(failure.getMessage()));
        };
    }

    private static void problem(Context context, Problem problem) {
        if (problem.status() == 405) {
            context.header("Allow", HandlerType.GET + ", " + HandlerType.HEAD);
        }
        context.status(problem.status()).result(problem.json()).contentType(Problem.CONTENT_TYPE);
    }

    /** For what goes wrong before a request reaches a route: too long, or no HTTP at all. */
    private static final class ProblemHandler extends ErrorHandler {

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Problem problem = new Problem(response.getStatus(), "The request cannot be answered.");
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
            Content.Sink.write(response, true, problem.json(), callback);
            return true;
        }
    }
}
