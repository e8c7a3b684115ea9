package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands beside a {@code spate local} at its usual place: nobody tells them where Kafka is. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CommandsIT {

    private static final String SECRET = "a value that is nobody's business";

    @TempDir private static Path home;
    private static @Nullable LocalWorld started;

    @BeforeAll
    static void start() throws Exception {
        Path data = home.resolve(".cache/spate/local");
        started =
                LocalWorld.start(
                        new LocalWorld.Plan(data, 0, 0, 2, Map.of(), Optional.empty()), Map.of());
        assertThat(
                        run(
                                        "{\"id\":\"good\",\"run\":\"echo hello\",\"env\":{\"A\":\""
                                                + SECRET
                                                + "\"}}\n{\"id\":\"bad\",\"run\":\"exit 3\"}",
                                        "submit",
                                        "--wait",
                                        "-")
                                .exitCode())
                .isEqualTo(1);
    }

    @AfterAll
    static void stop() {
        if (started != null) {
            started.close();
        }
        assertThat(LocalPlace.running(Map.of("HOME", home.toString()))).isEmpty();
    }

    @Test
    void findTheBrokerAndSaySo() {
        Commandline ran = run("", "topics");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err())
                .singleElement()
                .asString()
                .startsWith("spate: asking spate local, Kafka at 127.0.0.1:");
    }

    @Test
    void whoSaysWhereKafkaIsIsBelieved() {
        // Wrong, so that nothing is sent anywhere.
        Commandline ran = run("{\"run\": 3}", "submit", "--bootstrap", "127.0.0.1:1", "-");

        assertThat(ran.err())
                .singleElement()
                .asString()
                .startsWith("spate submit: standard input: run: ");
    }

    @Test
    void jobsListsThemNewestFirst() {
        List<JsonNode> rows = json("jobs", "--json");

        assertThat(rows)
                .extracting(row -> row.path("publishedAt").asText())
                .isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(rows)
                .extracting(row -> row.path("id").asText() + " " + row.path("outcome").asText())
                .contains("good succeeded", "bad failed");
    }

    @Test
    void jobsListsOnlyWhatIsWanted() {
        List<String> lines = run("", "jobs", "--outcome", "failed").out();

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("ID ");
        assertThat(lines.get(1)).startsWith("bad ").contains(" failed ").contains("run ");
    }

    @Test
    void aJobsPageHasEverythingButSecrets() {
        List<String> lines = run("", "jobs", "good").out();

        assertThat(lines.getFirst()).isEqualTo("good  succeeded, attempt 1");
        assertThat(lines)
                .contains("  run        echo hello", "  env        A")
                .anyMatch(line -> line.startsWith("  spent      launches 1, machine time "))
                .noneMatch(line -> line.contains(SECRET));
    }

    @Test
    void theJournalAndTheApiSayTheSame() {
        String solo =
                "{\"id\":\"solo\",\"roles\":{\"only\":{\"run\":\"true\",\"env\":{\"A\":\""
                        + SECRET
                        + "\"}}},\"logs\":false,\"reuse\":false}";
        run(solo, "submit", "--wait", "-");
        String api = world().worker().web().url();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(
                        () ->
                                json("jobs", "--api", api, "--state", "released", "--json").size()
                                        == json("jobs", "--json").size());

        assertThat(json("jobs", "--json", "--outcome", "failed", "--outcome", "succeeded"))
                .hasSizeGreaterThanOrEqualTo(3)
                .isEqualTo(
                        json(
                                "jobs",
                                "--json",
                                "--outcome",
                                "failed",
                                "--outcome",
                                "succeeded",
                                "--api",
                                api));
        assertThat(json("jobs", "solo", "--json"))
                .isEqualTo(json("jobs", "solo", "--json", "--api", api))
                .singleElement()
                .satisfies(
                        job -> {
                            assertThat(job.at("/message/roles/only/count").asInt()).isOne();
                            assertThat(job.at("/message/logs").asBoolean(true)).isFalse();
                            assertThat(job.path("exitCode").asInt(-1)).isZero();
                            assertThat(job.path("history").findValuesAsText("state"))
                                    .startsWith("launching")
                                    .endsWith("settled", "released");
                            assertThat(job.toString()).doesNotContain(SECRET);
                        });
    }

    @Test
    void watchingAJobThatIsDoneEnds() {
        Commandline ran = run("", "jobs", "--watch", "good");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).singleElement().asString().startsWith("good ");
    }

    @Test
    void anUnknownJobIsAFailure() {
        Commandline ran = run("", "jobs", "nope");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .contains(
                        "spate jobs: nobody knows of a job nope; if it was refused, spate results nope says why");
    }

    @Test
    void waitingForAResultExitsAsTheJobDid() {
        assertThat(run("", "results", "--wait", "good").exitCode()).isZero();
        assertThat(run("", "results", "--wait", "bad").exitCode()).isEqualTo(1);
    }

    @Test
    void waitingForAResultThatNeverComesEnds() {
        Commandline ran = run("", "results", "--wait", "--timeout", "500ms", "nope");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("spate results: no result for nope within 500ms");
    }

    @Test
    void aSecondOneAtTheSamePlaceIsRefused() {
        Commandline ran = run("", "local", "--data", home.resolve(".cache/spate/local").toString());

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).singleElement().asString().contains("another spate local runs here");
    }

    private static LocalWorld world() {
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    private static List<JsonNode> json(String... arguments) {
        List<JsonNode> documents = new ArrayList<>();
        for (String line : run("", arguments).out()) {
            try {
                documents.add(new JsonMapper().readTree(line));
            } catch (JsonProcessingException malformed) {
                throw new AssertionError(line, malformed);
            }
        }
        return documents;
    }

    private static Commandline run(String in, String... arguments) {
        return Commandline.run(Map.of("HOME", home.toString()), in, arguments);
    }
}
