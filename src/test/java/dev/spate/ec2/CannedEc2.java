package dev.spate.ec2;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An endpoint that answers what it was told to, action by action; the last answer stays. */
final class CannedEc2 implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Deque<Canned>> answers = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** The parameters of every call, in the order of arrival. */
    final List<Map<String, String>> calls = new CopyOnWriteArrayList<>();

    /** What to do with a call. */
    sealed interface Canned {
        record Text(int status, String body) implements Canned {}

        /** The connection is closed instead of answered. */
        record Lost() implements Canned {}

        /** Nothing comes, ever. */
        record Silence() implements Canned {}
    }

    CannedEc2() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    CannedEc2 on(String action, Canned... canned) {
        synchronized (answers) {
            answers.put(action, new ArrayDeque<>(List.of(canned)));
        }
        return this;
    }

    List<Map<String, String>> calls(String action) {
        return calls.stream().filter(call -> action.equals(call.get("Action"))).toList();
    }

    static Canned ok(String action, String body) {
        return new Canned.Text(
                200,
                "<%sResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r</requestId>%s</%sResponse>"
                        .formatted(action, body, action));
    }

    static Canned error(int status, String code, String message) {
        return new Canned.Text(
                status,
                "<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>r</RequestID></Response>"
                        .formatted(code, message));
    }

    /** One instance, as in instancesSet. */
    static String instance(String id, int index, String state, String more) {
        return """
               <item><instanceId>%s</instanceId><amiLaunchIndex>%d</amiLaunchIndex>\
               <instanceState><code>0</code><name>%s</name></instanceState>\
               <instanceType>c7i.large</instanceType><launchTime>2026-01-01T00:00:00.000Z</launchTime>\
               <placement><availabilityZone>sim-1a</availabilityZone></placement>\
               <privateIpAddress>10.0.0.7</privateIpAddress>%s</item>"""
                .formatted(id, index, state, more);
    }

    static Canned described(String... instances) {
        return ok(
                "DescribeInstances",
                "<reservationSet><item><instancesSet>"
                        + String.join("", instances)
                        + "</instancesSet></item></reservationSet>");
    }

    static Canned launched(String... instances) {
        return ok(
                "RunInstances", "<instancesSet>" + String.join("", instances) + "</instancesSet>");
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> form =
                form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        calls.add(form);
        switch (next(String.valueOf(form.get("Action")))) {
            case Canned.Text(int status, String body) -> {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
            case Canned.Lost() -> {}
            case Canned.Silence() -> {
                try {
                    closed.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
        }
        exchange.close();
    }

    private Canned next(String action) {
        synchronized (answers) {
            Deque<Canned> canned = answers.get(action);
            if (canned == null) {
                return error(400, "InvalidAction", "nothing canned for " + action);
            }
            return canned.size() > 1 ? canned.removeFirst() : canned.getFirst();
        }
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new TreeMap<>();
        for (String part : body.split("&", -1)) {
            String[] pair = part.split("=", 2);
            form.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
        }
        return form;
    }
}
