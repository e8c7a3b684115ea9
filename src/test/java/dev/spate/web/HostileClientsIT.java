package dev.spate.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.SystemScheduler;
import dev.spate.board.Stage;
import dev.spate.job.ByteSize;
import dev.spate.job.JobId;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that mean harm, or behave as if: nothing is executed, nothing used up, and others are
 * answered soon after.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostileClientsIT {

    private static final int CONNECTIONS_MAX = 200;
    private static final int FLOOD = 1_000;
    private static final List<Stage> STAGES =
            List.of(Stage.WAITING, Stage.LAUNCHING, Stage.PREPARING, Stage.RUNNING, Stage.SETTLED);

    private final SystemScheduler scheduler = new SystemScheduler();
    private final InMemorySpate spate =
            InMemorySpate.start(scheduler, settings(Duration.ofSeconds(2)));
    private final List<Socket> sockets = new ArrayList<>();

    private static HttpSettings settings(Duration idleTimeout) {
        return new HttpSettings(
                "127.0.0.1",
                0,
                Optional.empty(),
                CONNECTIONS_MAX,
                20,
                ByteSize.ofMiB(1),
                idleTimeout,
                Optional.of(new Token(InMemorySpate.TOKEN)));
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        spate.close();
        scheduler.close();
    }

    @Test
    void closesAConnectionWhoseHeadersComeByTheDrop() throws Exception {
        assertIsCutOff("GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", "a");
    }

    @Test
    void closesAConnectionWhoseBodyComesByTheDrop() throws Exception {
        assertIsCutOff(
                "POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Authorization: Bearer "
                        + InMemorySpate.TOKEN
                        + "\r\nContent-Length: 100000\r\n\r\n{",
                " ");
        assertThat(spate.submissions().submitted()).isEmpty();
    }

    /** Each drop comes long before the idle time-out, and would put it off for ever. */
    private void assertIsCutOff(String start, String drop) throws Exception {
        Socket socket = connect();
        long beganNanos = scheduler.nanoTime();
        OutputStream out = socket.getOutputStream();
        out.write(start.getBytes(US_ASCII));
        socket.setSoTimeout(300);
        while (!isOver(socket)) {
            assertThat((scheduler.nanoTime() - beganNanos) / 1e9).isLessThan(20);
            try {
                out.write(drop.getBytes(US_ASCII));
            } catch (SocketException cut) {
                return;
            }
        }
    }

    /** Waits for the socket's time-out, which is the time between two drops. */
    private static boolean isOver(Socket socket) throws IOException {
        try {
            byte[] answer = new byte[4_096];
            return socket.getInputStream().read(answer) < 0;
        } catch (SocketTimeoutException nothing) {
            return false;
        } catch (SocketException cut) {
            return true;
        }
    }

    @Test
    void goesOnThroughThousandsOfConnections() throws Exception {
        for (int i = 0; i < FLOOD; i++) {
            Socket socket = new Socket();
            sockets.add(socket);
            try {
                socket.connect(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), spate.server().port()),
                        50);
            } catch (SocketTimeoutException full) {
                // The system's own queue of connections is full: as it should be.
            }
        }

        // While they are all open: silent ones are closed when others wait.
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .ignoreExceptions()
                .until(() -> health(Duration.ofSeconds(5)).startsWith("HTTP/1.1 200"));
    }

    @Test
    void letsNobodyWaitForAClientThatOpensStreamsAndNeverReads() throws Exception {
        for (int i = 0; i < 20; i++) {
            Socket socket = connect();
            socket.setReceiveBufferSize(1_024);
            socket.getOutputStream()
                    .write(
                            "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(US_ASCII));
        }
        Awaitility.await().until(() -> spate.server().streams() == 20);
        spate.fill(2_000);

        long beganNanos = scheduler.nanoTime();
        for (int round = 0; round < 200; round++) {
            for (int i = 0; i < 200; i++) {
                spate.board()
                        .put(
                                spate.jobs()
                                        .draw(
                                                new JobId("job-" + i),
                                                STAGES.get(round % STAGES.size())));
            }
        }

        // Telling them took no time, whatever became of them; and others are answered.
        assertThat((scheduler.nanoTime() - beganNanos) / 1e9).isLessThan(10);
        assertThat(health(Duration.ofSeconds(5))).startsWith("HTTP/1.1 200");
        spate.changes(1_000);
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> spate.server().streams() == 0);
    }

    @Test
    void holdsAFewMegabytesForClientsThatDoNotReadHoweverManyTheyAre() throws Exception {
        try (InMemorySpate patient =
                        InMemorySpate.start(scheduler, settings(Duration.ofMinutes(1)));
                ApiClient client = new ApiClient(patient.url())) {
            patient.fill(600);
            int answer = client.get("/api/jobs?limit=500").body().length();
            // The system takes the first of them.
            String request =
                    "GET /api/jobs?limit=500 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .repeat((8 << 20) / answer);
            for (int i = 0; i < CONNECTIONS_MAX * 7 / 10; i++) {
                Socket socket = new Socket();
                sockets.add(socket);
                socket.setReceiveBufferSize(1_024);
                socket.connect(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), patient.server().port()));
                socket.getOutputStream().write(request.getBytes(US_ASCII));
            }

            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> isRefusedForOthersSake(client.get("/api/jobs?limit=500")));
            assertThat(client.get("/health/live").statusCode()).isEqualTo(200);
            // Clients of other workers do not suffer.
            assertThat(client.get("/api/jobs?limit=500&scope=local").statusCode()).isEqualTo(200);

            for (Socket socket : sockets) {
                socket.close();
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> client.get("/api/jobs?limit=500").statusCode() == 200);
        }
    }

    private static boolean isRefusedForOthersSake(HttpResponse<String> response) throws Exception {
        return response.statusCode() == 503 && ApiClient.detail(response).contains("still to read");
    }

    @Test
    void closesConnectionsAfterEachAnswerWhenNearlyAllAreTaken() throws Exception {
        String request = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        assertThat(ask(request)).startsWith("HTTP/1.1 200").doesNotContain("Connection: close");
        for (int i = 0; i < CONNECTIONS_MAX * 4 / 5; i++) {
            connect();
        }

        assertThat(ask(request)).startsWith("HTTP/1.1 200").contains("Connection: close");
    }

    @Test
    void answersOnLoopbackToItsOwnNamesOnly() throws Exception {
        int port = spate.server().port();
        for (String own : List.of("localhost", "LocalHost:" + port, "127.0.0.1:1", "[::1]")) {
            assertThat(askFor(own)).as(own).startsWith("HTTP/1.1 200");
        }
        for (String other : List.of("evil.example", "evil.example:" + port, "127.0.0.1.evil")) {
            assertThat(askFor(other))
                    .as(other)
                    .startsWith("HTTP/1.1 421")
                    .contains(Problem.CONTENT_TYPE);
        }
    }

    private String askFor(String host) throws IOException {
        return ask(
                "GET /api/jobs HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host));
    }

    @Test
    void refusesHeadersThatAreTooLarge() throws Exception {
        assertThat(
                        ask(
                                "GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: "
                                        + "x".repeat(20_000)
                                        + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431")
                .contains(Problem.CONTENT_TYPE);
    }

    @Test
    void refusesAnAddressThatIsTooLong() throws Exception {
        assertThat(ask("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 414")
                .contains(Problem.CONTENT_TYPE);
    }

    @Test
    void findsNothingByWaysThatLeadElsewhere() throws Exception {
        for (String path :
                List.of(
                        "/page/../openapi.json",
                        "/page/%2e%2e/openapi.json",
                        "/page/..%2fopenapi.json",
                        "/page/....//openapi.json",
                        "/page/.hidden",
                        "/page/index.html%00.js",
                        "/page//etc/passwd",
                        "/page/%c0%ae%c0%ae/x.js",
                        "//api/jobs",
                        "/api/jobs/../../metrics",
                        "/api/jobs/%2e%2e")) {
            assertThat(ask(last("GET", path)))
                    .as(path)
                    .matches("(?s)HTTP/1.1 (400|404) .*")
                    .contains(Problem.CONTENT_TYPE)
                    .doesNotContain("openapi\"", "root:");
        }
    }

    @Test
    void saysMarkupInAnIdBackAsTextOnly() throws Exception {
        assertThat(ask(last("GET", "/api/jobs/%3Cscript%3Ealert(1)%3C%2Fscript%3E")))
                .matches("(?s)HTTP/1.1 (400|404) .*")
                .contains(Problem.CONTENT_TYPE, "X-Content-Type-Options: nosniff");
        assertThat(ask(last("GET", "/api/jobs/%3Cscript%3E")))
                .startsWith("HTTP/1.1 404")
                .contains(Problem.CONTENT_TYPE, "Content-Security-Policy: default-src 'none'");
    }

    @Test
    void refusesRequestsThatCouldBeTwo() throws Exception {
        for (String second : List.of("Content-Length: 5", "Transfer-Encoding: chunked")) {
            List<String> lines =
                    List.of(
                            "POST /api/jobs HTTP/1.1",
                            "Host: localhost",
                            "Content-Length: 4",
                            second,
                            "");
            assertThat(ask(String.join("\r\n", lines) + "\r\nabcde"))
                    .as(second)
                    .startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void answersMethodsThatItDoesNotHave() throws Exception {
        for (String method : List.of("PUT", "PATCH", "TRACE", "OPTIONS", "BREW")) {
            assertThat(ask(last(method, "/api/jobs")))
                    .as(method)
                    .matches("(?s)HTTP/1.1 (404|405|501) .*")
                    .doesNotContain("Access-Control");
        }
    }

    /** A request after which the connection is closed. */
    private static String last(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    }

    private String health(Duration patience) throws IOException {
        try (Socket socket = new Socket()) {
            int millis = Math.toIntExact(patience.toMillis());
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), spate.server().port()),
                    millis);
            socket.setSoTimeout(millis);
            return ask(socket, last("GET", "/health/live"));
        }
    }

    private String ask(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), spate.server().port())) {
            socket.setSoTimeout(10_000);
            return ask(socket, request);
        }
    }

    private static String ask(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), spate.server().port());
        sockets.add(socket);
        return socket;
    }
}
