package dev.spate.local;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.spate.async.Scheduler;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP server for this machine alone: a virtual thread a request. */
final class LocalHttp {
    private static final Logger LOG = LoggerFactory.getLogger(LocalHttp.class);
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final Pattern LOCAL_HOST =
            Pattern.compile("(127\\.0\\.0\\.1|localhost|\\[::1])(:\\d+)?", CASE_INSENSITIVE);
    private static final int WAITING_CONNECTIONS_MAX = 1_024;

    private final HttpServer server;

    /**
     * Takes the port; answers nothing yet.
     *
     * @throws IOException if the port is taken
     */
    LocalHttp(Scheduler scheduler, int port) throws IOException {
        this.server = bound(port);
        server.setExecutor(
                task -> {
                    var _ =
                            scheduler.start(
                                    "http request",
                                    () -> {
                                        task.run();
                                        return true;
                                    });
                });
    }

    /**
     * What is asked.
     *
     * @param path without the query
     * @param body in UTF-8; at most 1 MiB of it
     */
    record Request(String method, String path, Headers headers, String body) {}

    /** What is answered, in UTF-8. */
    record Reply(int status, String type, String text) {

        static Reply plain(int status, String text) {
            return new Reply(status, "text/plain; charset=utf-8", text);
        }
    }

    /** Answers what is asked for below a path. */
    interface Page {

        /**
         * May block.
         *
         * @return empty: the connection is closed without an answer
         */
        Optional<Reply> answer(Request request) throws InterruptedException;
    }

    /** Lets a page answer whatever begins with a path; the longest counts. */
    void serve(String path, Page page) {
        server.createContext(path, exchange -> handle(exchange, page));
    }

    /** Begins to answer. */
    void start() {
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static HttpServer bound(int port) throws IOException {
        try {
            return HttpServer.create(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    WAITING_CONNECTIONS_MAX);
        } catch (BindException taken) {
            IOException told =
                    new IOException(
                            "EC2 at 127.0.0.1:"
                                    + port
                                    + ": "
                                    + taken.getMessage()
                                    + "; end who has the port, or choose another");
            told.addSuppressed(taken);
            throw told;
        }
    }

    private static void handle(HttpExchange exchange, Page page) {
        try (exchange) {
            if (!isForThisMachine(exchange)) {
                send(exchange, Reply.plain(403, "Only for 127.0.0.1."));
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX);
            Optional<Reply> reply =
                    page.answer(
                            new Request(
                                    exchange.getRequestMethod(),
                                    exchange.getRequestURI().getPath(),
                                    exchange.getRequestHeaders(),
                                    new String(body, StandardCharsets.UTF_8)));
            if (reply.isPresent()) {
                send(exchange, reply.get());
            }
        } catch (IOException e) {
            LOG.debug("client went away: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A web page whose name was made to lead here could otherwise run commands here. */
    private static boolean isForThisMachine(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        return host != null && LOCAL_HOST.matcher(host).matches();
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = reply.text().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", reply.type());
        exchange.sendResponseHeaders(reply.status(), body.length);
        exchange.getResponseBody().write(body);
    }

    void close() {
        server.stop(0);
    }
}
