package dev.spate.local;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.spate.async.Scheduler;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The EC2 Query API over HTTP: a virtual thread a request. */
final class QueryEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(QueryEndpoint.class);
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final Pattern LOCAL_HOST =
            Pattern.compile("(127\\.0\\.0\\.1|localhost|\\[::1])(:\\d+)?", CASE_INSENSITIVE);
    private static final int WAITING_CONNECTIONS_MAX = 1_024;

    private final Scheduler scheduler;
    private final CloudOptions options;
    private final CloudLog log;
    private final Map<String, Action> actions;
    private final Supplier<String> page;
    private final Chance chance;
    private final Throttle throttle;
    private final Map<String, AtomicLong> calls = new ConcurrentSkipListMap<>();
    private final HttpServer server;

    /** Carries out a call: writes the reply's body, returns the ids of the instances it changed. */
    interface Action {
        List<String> answer(Form form, Xml xml);
    }

    /**
     * Starts listening.
     *
     * @param page what {@code GET /} shows
     * @throws IOException if the port is taken
     */
    QueryEndpoint(
            Scheduler scheduler,
            CloudOptions options,
            CloudLog log,
            Map<String, Action> actions,
            Supplier<String> page)
            throws IOException {
        this.scheduler = scheduler;
        this.options = options;
        this.log = log;
        this.actions = Map.copyOf(actions);
        this.page = page;
        this.chance = new Chance(options.seed());
        this.throttle = new Throttle(scheduler, options.limits().throttles());
        this.server = bound(options.port());
        server.createContext("/", this::handle);
        server.setExecutor(
                task -> {
                    var _ =
                            scheduler.start(
                                    "ec2 call",
                                    () -> {
                                        task.run();
                                        return true;
                                    });
                });
        server.start();
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

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** How often each action was called, refused calls included. */
    Map<String, Long> calls() {
        Map<String, Long> counts = new TreeMap<>();
        calls.forEach((action, count) -> counts.put(action, count.get()));
        return counts;
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            if (!isForThisMachine(exchange)) {
                send(exchange, 403, "text/plain; charset=utf-8", "Only for 127.0.0.1.");
                return;
            }
            if (exchange.getRequestMethod().equals("GET")) {
                send(exchange, 200, "text/plain; charset=utf-8", page.get());
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX);
            Form form = Form.parse(new String(body, StandardCharsets.UTF_8));
            String action = form.text("Action").orElse("");
            long count =
                    actions.containsKey(action)
                            ? calls.computeIfAbsent(action, _ -> new AtomicLong()).incrementAndGet()
                            : 0;
            String name = action + "/" + count;
            boolean isSigned = exchange.getRequestHeaders().containsKey("Authorization");
            Answer answer = answer(action, form, name, isSigned);
            scheduler.sleep(options.delays().reply());
            boolean isLost = chance.happens(options.faults().lostReply(), "lostReply/" + name);
            log(action, form, answer, isLost);
            if (!isLost) {
                send(exchange, answer.status(), "text/xml;charset=UTF-8", answer.body());
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

    private record Answer(int status, String code, String body, List<String> instances) {}

    private Answer answer(String action, Form form, String name, boolean isSigned) {
        String requestId = chance.id("req", name);
        try {
            Action known = actions.get(action);
            if (known == null) {
                throw ApiException.client(
                        "InvalidAction",
                        "The action " + action + " is not valid for this web service.");
            }
            if (!isSigned) {
                throw ApiException.withStatus(
                        401,
                        "AuthFailure",
                        "AWS was not able to validate the provided access credentials");
            }
            throttle.admit(action);
            if (chance.happens(options.faults().serverError(), "serverError/" + name)) {
                throw internalError();
            }
            List<String> changed = new ArrayList<>();
            String body =
                    Xml.reply(action, requestId, xml -> changed.addAll(known.answer(form, xml)));
            return new Answer(200, "", body, List.copyOf(changed));
        } catch (ApiException e) {
            return refusal(e, requestId);
        } catch (RuntimeException e) {
            LOG.error("{} failed", action, e);
            return refusal(internalError(), requestId);
        }
    }

    private static ApiException internalError() {
        return ApiException.withStatus(500, "InternalError", "An internal error has occurred");
    }

    private static Answer refusal(ApiException e, String requestId) {
        return new Answer(
                e.status(), e.code(), Xml.refusal(e.code(), e.text(), requestId), List.of());
    }

    private void log(String action, Form form, Answer answer, boolean isLost) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("action", action);
        line.put("request", form.without("Action", "Version", "UserData").values());
        line.put("status", answer.status());
        if (!answer.code().isEmpty()) {
            line.put("code", answer.code());
        }
        if (!answer.instances().isEmpty()) {
            line.put("instances", answer.instances());
        }
        if (isLost) {
            line.put("reply", "lost");
        }
        log.write("call", line);
    }

    private static void send(HttpExchange exchange, int status, String type, String text)
            throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    void close() {
        server.stop(0);
    }
}
