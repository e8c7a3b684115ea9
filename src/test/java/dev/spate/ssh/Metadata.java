package dev.spate.ssh;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** EC2's instance metadata service, version 2: nothing without a token. */
final class Metadata implements AutoCloseable {

    static final String NOTICE = "{\"action\": \"terminate\", \"time\": \"2026-11-23T08:22:00Z\"}";

    private static final String TOKEN = "a-token==";

    private final HttpServer server;
    private volatile boolean isNoticed;
    private final AtomicInteger asked = new AtomicInteger();

    Metadata() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/latest/api/token", this::token);
        server.createContext("/latest/meta-data/spot/instance-action", this::action);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void giveNotice() {
        isNoticed = true;
    }

    /** How often somebody has asked for a notice, with a token. */
    int asked() {
        return asked.get();
    }

    private void token(HttpExchange exchange) throws IOException {
        boolean isProper =
                exchange.getRequestMethod().equals("PUT")
                        && exchange.getRequestHeaders()
                                .containsKey("X-aws-ec2-metadata-token-ttl-seconds");
        answer(exchange, isProper ? 200 : 400, TOKEN);
    }

    private void action(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token");
        if (!TOKEN.equals(token)) {
            answer(exchange, 401, "");
            return;
        }
        boolean isGiven = isNoticed;
        asked.incrementAndGet();
        answer(exchange, isGiven ? 200 : 404, isGiven ? NOTICE : "<html>404</html>");
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        try (exchange) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
