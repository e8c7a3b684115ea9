package dev.spate.web;

import io.javalin.config.JavalinConfig;
import io.javalin.config.JettyConfig;
import io.javalin.http.Context;
import java.time.Duration;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.SizeLimitHandler;

/** How much of this process whoever connects can have. */
final class JettyLimits {

    /** When all connections are taken, silent ones make room sooner. */
    private static final Duration IDLE_TIMEOUT_WHEN_FULL = Duration.ofSeconds(2);

    private static final int HEADER_BYTES_MAX = 8 * 1024;

    private final HttpSettings settings;
    private final RequestListener listener;
    private final SlowRequests slowRequests;

    JettyLimits(HttpSettings settings, RequestListener listener, SlowRequests slowRequests) {
        this.settings = settings;
        this.listener = listener;
        this.slowRequests = slowRequests;
    }

    void apply(JavalinConfig config) {
        config.concurrency.useVirtualThreads = true;
        config.http.prefer405over404 = true;
        config.http.maxRequestSize = settings.requestMax().bytes();
        config.routes.before(this::letOthersIn);
        JettyConfig jetty = config.jetty;
        jetty.addConnector(this::connector);
        jetty.modifyServletContextHandler(
                handler ->
                        handler.insertHandler(
                                new SizeLimitHandler(settings.requestMax().bytes(), -1)));
        jetty.modifyServer(
                server -> {
                    NetworkConnectionLimit limit =
                            new NetworkConnectionLimit(settings.connectionsMax(), server);
                    limit.setEndPointIdleTimeout(
                            Math.min(
                                    IDLE_TIMEOUT_WHEN_FULL.toMillis(),
                                    settings.idleTimeout().toMillis()));
                    server.addBean(limit);
                    server.setErrorHandler(new Problems.BeforeRoutes(listener));
                    // Nothing served here has to be finished, and kept-alive connections never end
                    // by themselves: closing waits for nobody.
                    server.setStopTimeout(0);
                });
    }

    /**
     * When nearly all connections are taken, each is good for one request: else who came first
     * could stay for ever, with a cheap request now and then.
     */
    private void letOthersIn(Context context) {
        if (slowRequests.connections() * 5L >= settings.connectionsMax() * 4L) {
            context.header("Connection", "close");
        }
    }

    private ServerConnector connector(Server server, HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(HEADER_BYTES_MAX);
        ServerConnector connector =
                new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        connector.addBean(slowRequests);
        return connector;
    }
}
