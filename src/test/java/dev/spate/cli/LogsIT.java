package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spate.job.JobId;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code spate logs} against a whole worker. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class LogsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir private static Path data;
    private static @Nullable LocalWorld started;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        started =
                LocalWorld.start(
                        new LocalWorld.Plan(data, 0, 0, 2, Map.of(), Optional.empty()),
                        Map.of("SPATE_ENGINE_LOG_BYTES_MAX", "64KiB"));
    }

    @AfterAll
    static void stop() {
        world().close();
    }

    @Test
    void followsAJobWhileItRunsAndEndsWithIt() throws Exception {
        Path gate = data.resolve("gate-" + UUID.randomUUID());
        String id =
                publish(
                        "echo before; echo oops >&2; while ! [ -e %s ]; do sleep 0.1; done; echo after"
                                .formatted(gate));
        CompletableFuture<Integer> following =
                CompletableFuture.supplyAsync(() -> run("logs", "-f", id));

        Awaitility.await().atMost(PATIENCE).until(() -> out.toString().equals("before\n"));
        assertThat(following).isNotDone();
        Files.createFile(gate);

        assertThat(following.get(40, TimeUnit.SECONDS)).isZero();
        assertThat(out.toString()).isEqualTo("before\nafter\n");
        assertThat(err.toString()).isEqualTo("oops\n");
    }

    @Test
    void whoeverSeesTheResultFindsTheOutput() throws Exception {
        for (int i = 0; i < 3; i++) {
            String id = publish("echo number " + i);
            assertThat(run("results", "--follow", "--json", id)).isZero();
            out.getBuffer().setLength(0);

            assertThat(run("logs", id)).isZero();

            assertThat(out.toString()).isEqualTo("number " + i + "\n");
            out.getBuffer().setLength(0);
        }
    }

    @Test
    void saysWhoseALineIs() throws Exception {
        String id =
                submit(
                        """
                        {"roles": {
                          "server": {"run": "echo up; sleep 600", "background": true},
                          "client": {"count": 2, "run": "sleep 1; echo $SPATE_INDEX"}}}
                        """);

        assertThat(run("logs", "--follow", id)).as(err.toString()).isZero();

        assertThat(out.toString().lines())
                .containsExactlyInAnyOrder("server-0 | up", "client-0 | 0", "client-1 | 1");
        out.getBuffer().setLength(0);
        assertThat(run("logs", id, "--role", "client", "--index", "1")).isZero();
        assertThat(out.toString()).isEqualTo("1\n");
    }

    @Test
    void saysWhereTheLiveOutputEnds() throws Exception {
        String id = publish("seq 1 100000");

        assertThat(run("logs", "--follow", id)).isZero();

        assertThat(out.toString()).hasSize(64 << 10).startsWith("1\n2\n3\n");
        assertThat(err.toString())
                .isEqualTo(
                        "spate logs: main-0 stdout: output beyond 64KiB is not in the live logs;"
                                + " the result has the beginning and the end\n");
    }

    @Test
    void printsJsonForPrograms() throws Exception {
        String id = publish("printf 'a\\377b'");

        assertThat(run("logs", "--follow", "--json", id)).isZero();

        JsonMapper json = new JsonMapper();
        JsonNode chunk = json.readTree(out.toString().lines().findFirst().orElseThrow());
        assertThat(chunk.path("event").asText()).isEqualTo("chunk");
        assertThat(chunk.path("role").asText()).isEqualTo("main");
        assertThat(chunk.path("stream").asText()).isEqualTo("stdout");
        assertThat(chunk.path("offset").asInt()).isZero();
        assertThat(chunk.path("data").binaryValue()).containsExactly('a', 0xff, 'b');
        assertThat(out.toString()).endsWith("{\"event\":\"end\"}\n");
    }

    @Test
    void canBeReadOverHttpToo() throws Exception {
        String id = publish("printf 'a\\377b'");
        assertThat(run("results", "--follow", "--json", id)).isZero();
        URI output = URI.create(world().worker().web().url() + "/api/jobs/" + id + "/output");

        HttpResponse<String> response;
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(output).timeout(PATIENCE).build();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> client.send(request, BodyHandlers.ofString()).statusCode() == 200);
            response = client.send(request, BodyHandlers.ofString());
        }

        assertThat(response.body())
                .contains("event: chunk", "\"offset\":0", "\"data\":\"Yf9i\"", "event: end");
    }

    @Test
    void saysThatThereIsNoSuchJob() {
        assertThat(run("logs", "nobody")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo(
                        "spate logs: nobody knows of a job nobody; if it was refused, spate results nobody says why\n");
    }

    @Test
    void saysThatThereIsNoTopicOfLogs() throws Exception {
        String id = publish("echo one");
        assertThat(run("results", "--follow", "--json", id)).isZero();

        assertThat(run(Map.of("SPATE_KAFKA_TOPICS_LOGS", "nowhere"), "logs", id)).isEqualTo(1);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .matches("spate logs: Kafka at .*: there is no topic nowhere");
    }

    @Test
    void saysThatAJobWantsNoLogs() throws Exception {
        String id = submit("{\"run\": \"echo secret\", \"logs\": false}");
        assertThat(run("results", "--follow", "--json", id)).isZero();
        out.getBuffer().setLength(0);

        assertThat(run("logs", id)).isEqualTo(1);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("\"logs\": false");
    }

    private static String publish(String script) throws Exception {
        return submit(new JsonMapper().createObjectNode().put("run", script).toString());
    }

    private static String submit(String message) throws Exception {
        String id = "job-" + UUID.randomUUID();
        try (JobsTopic jobs = new JobsTopic(world().configuration().kafka())) {
            jobs.submit(new JobId(id), message.getBytes(UTF_8));
            var _ = jobs.flush();
        }
        return id;
    }

    private int run(String... arguments) {
        return run(Map.of(), arguments);
    }

    private int run(Map<String, String> environment, String... arguments) {
        Map<String, String> whole = new HashMap<>(environment);
        whole.put(
                "SPATE_KAFKA_BOOTSTRAP_SERVERS",
                world().configuration().kafka().bootstrapServers());
        Terminal terminal =
                new Terminal(
                        new ByteArrayInputStream(new byte[0]),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        whole,
                        false);
        return Main.run(terminal, arguments);
    }

    private static LocalWorld world() {
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }
}
