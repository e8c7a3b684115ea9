package dev.spate.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spate.async.SystemScheduler;
import dev.spate.job.ByteSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebServerIT {

    private final HttpClient client = HttpClient.newHttpClient();
    private final InMemoryHealth health = new InMemoryHealth();
    private final SystemScheduler scheduler = new SystemScheduler();
    private final Queue<String> answered = new ConcurrentLinkedQueue<>();

    private final WebServer server =
            WebServer.start(
                    new HttpSettings(
                            "127.0.0.1",
                            0,
                            Optional.empty(),
                            5,
                            2,
                            new ByteSize(1_000),
                            Duration.ofSeconds(2),
                            Optional.empty()),
                    () -> "# HELP a b\n",
                    health,
                    (route, status, _) -> answered.add(route + " " + status),
                    scheduler);

    @AfterEach
    void close() {
        server.close();
        client.close();
        scheduler.close();
    }

    @Test
    void servesMetricsInTheTextFormat() throws Exception {
        HttpResponse<String> response = get("/metrics");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("# HELP a b\n");
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(
                        type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    }

    @Test
    void isLiveAndReadyWhenNothingSpeaksAgainstIt() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").body()).isEqualTo("{\"status\":\"ready\",\"reasons\":[]}");
    }

    @Test
    void saysWhyItIsNotReady() throws Exception {
        health.notReady(List.of("no shard yet"));

        HttpResponse<String> response = get("/health/ready");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body())
                .isEqualTo("{\"status\":\"not-ready\",\"reasons\":[\"no shard yet\"]}");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void saysWhyItIsNotLive() throws Exception {
        health.notLive(List.of("deadlock"));

        assertThat(get("/health/live").statusCode()).isEqualTo(503);
    }

    @Test
    void whatIsNotThereIsAProblem() throws Exception {
        assertProblem(get("/nothing/here"), 404);
    }

    @Test
    void whatCannotBeDoneIsAProblem() throws Exception {
        HttpResponse<String> response = send(request("/metrics").DELETE());

        assertProblem(response, 405);
        assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    @Test
    void anOversizedRequestIsAProblem() throws Exception {
        assertProblem(
                send(request("/metrics").POST(BodyPublishers.ofString("x".repeat(2_000)))), 413);
    }

    @Test
    void noHttpAtAllIsAProblem() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("what?\r\n\r\n".getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);

            assertThat(answer).startsWith("HTTP/1.1 400").contains(Problem.CONTENT_TYPE);
        }
    }

    @Test
    void aSilentConnectionIsClosed() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void tellsNothingOfWhatItIsMadeOf() throws Exception {
        assertThat(get("/health/live").headers().firstValue("Server")).isEmpty();
    }

    @Test
    void countsAlsoWhatReachesNoRoute() throws Exception {
        send(request("/api/jobs").header("X-Large", "x".repeat(20_000)));
        send(request("/api/jobs").POST(BodyPublishers.ofString("x".repeat(2_000))));
        get("/health/live");

        assertThat(answered).containsExactly("other 431", "other 413", "/health/live 200");
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        HttpSettings taken = HttpSettings.onLoopback(server.port());

        assertThatThrownBy(
                        () ->
                                WebServer.start(
                                        taken,
                                        () -> "",
                                        new InMemoryHealth(),
                                        RequestListener.NONE,
                                        scheduler))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("HTTP at 127.0.0.1:" + server.port());
    }

    private void assertProblem(HttpResponse<String> response, int status) throws IOException {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue(Problem.CONTENT_TYPE);
        JsonNode problem = new JsonMapper().readTree(response.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(problem.path("detail").asText()).isNotEmpty();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path).GET());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
