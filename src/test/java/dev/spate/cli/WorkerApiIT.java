package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The API of a worker as it is wired for users: with a real board, real output, real Kafka. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class WorkerApiIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir private static Path data;
    @AutoClose private static LocalWorld world;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        world =
                LocalWorld.start(
                        new LocalWorld.Plan(data, 0, 0, 2, Map.of(), Optional.empty()), Map.of());
    }

    @Test
    void aJobThatIsSubmittedOverHttpIsSeenFromItsFirstWordToItsLast() throws Exception {
        HttpResponse<String> taken =
                send(
                        request("/api/jobs")
                                .header("Content-Type", "application/json")
                                .POST(
                                        BodyPublishers.ofString(
                                                "{\"id\": \"web\", \"run\": \"echo one; sleep 1;"
                                                        + " echo two\"}")));
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        awaitState("web", "running");

        assertThat(json("/api/machines").path("machines").findValuesAsText("job")).contains("web");
        // Ends by itself when all was sent.
        String output = send(request("/api/jobs/web/output")).body();

        assertThat(text(output)).isEqualTo("one\ntwo\n");
        JsonNode job = json("/api/jobs/web");
        assertThat(job.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(job.path("exitCode").asInt()).isZero();
        assertThat(json("/api/jobs?outcome=succeeded").path("jobs").findValuesAsText("id"))
                .contains("web");
        assertThat(json("/api/statistics").path("windows").size()).isPositive();
    }

    @Test
    void aJobThatIsCancelledOverHttpIsStopped() throws Exception {
        send(
                request("/api/jobs")
                        .header("Content-Type", "application/json")
                        .POST(
                                BodyPublishers.ofString(
                                        "{\"id\": \"long\", \"run\": \"sleep 600\"}")));
        awaitState("long", "running");

        HttpResponse<String> taken = send(request("/api/jobs/long").DELETE());

        assertThat(taken.statusCode()).isEqualTo(202);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> json("/api/jobs/long").path("outcome").asText().equals("cancelled"));
    }

    @Test
    void aWorkerTellsHowItIs() throws Exception {
        JsonNode status = json("/api/status");

        assertThat(status.path("ready").asBoolean()).isTrue();
        assertThat(status.path("canSubmit").asBoolean()).isTrue();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> json("/api/status").at("/board/state").asText().equals("ready"));
    }

    private void awaitState(String id, String state) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> json("/api/jobs/" + id).path("state").asText().equals(state));
    }

    private static String text(String events) {
        return events.lines()
                .filter(line -> line.startsWith("data: ") && line.contains("\"stdout\""))
                .map(line -> parsed(line.substring("data: ".length())).path("data").asText())
                .map(data -> new String(Base64.getDecoder().decode(data), UTF_8))
                .collect(Collectors.joining());
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        return parsed(send(request(path)).body());
    }

    private static JsonNode parsed(String json) {
        try {
            return new JsonMapper().readTree(json);
        } catch (IOException malformed) {
            throw new AssertionError(json, malformed);
        }
    }

    private static HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(URI.create(world.worker().web().url() + path))
                .header(
                        "Authorization",
                        "Bearer " + Files.readString(data.resolve("token")).strip());
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
