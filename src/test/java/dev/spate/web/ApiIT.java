package dev.spate.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.board.Board;
import dev.spate.board.Stage;
import dev.spate.job.JobId;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one worker tells of what it has itself; every answer keeps to the API's description. */
class ApiIT {

    @AutoClose private final InMemorySpate spate = InMemorySpate.start();
    private final ApiClient client = spate.client();

    @Test
    void theDescriptionHasEveryRouteAndNoOther() {
        assertThat(spate.server().routes())
                // That who answers GET answers HEAD goes without saying.
                .filteredOn(route -> !route.startsWith("HEAD "))
                .containsExactlyInAnyOrderElementsOf(new Contract().routes());
    }

    @Test
    void servesTheDescription() throws Exception {
        assertThat(client.json("/api/openapi.json").path("openapi").asText()).startsWith("3.1");
    }

    @Test
    void listsJobsNewestFirstAndPagesThroughAllOfThem() throws Exception {
        spate.fill(1_000);

        List<String> ids = new ArrayList<>();
        List<String> times = new ArrayList<>();
        JsonNode page = client.json("/api/jobs?limit=300");
        while (true) {
            page.path("jobs").forEach(job -> ids.add(job.path("id").asText()));
            page.path("jobs").forEach(job -> times.add(job.path("publishedAt").asText()));
            assertThat(page.path("total").asInt()).isEqualTo(1_000);
            if (!page.has("next")) {
                break;
            }
            page = client.json("/api/jobs?limit=300&cursor=" + page.path("next").asText());
        }

        assertThat(ids).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(times).isSortedAccordingTo((one, other) -> other.compareTo(one));
    }

    @Test
    void filtersJobs() throws Exception {
        spate.board().put(spate.jobs().draw(new JobId("alpha-1"), Stage.RUNNING));
        spate.board().put(spate.jobs().draw(new JobId("alpha-2"), Stage.WAITING));
        spate.board().put(spate.jobs().draw(new JobId("beta-1"), Stage.LAUNCHING));

        assertThat(client.json("/api/jobs?state=running&state=waiting").path("total").asInt())
                .isEqualTo(2);
        assertThat(
                        client.json("/api/jobs?q=ALPHA&state=waiting")
                                .path("jobs")
                                .findValuesAsText("id"))
                .containsExactly("alpha-2");
        assertThat(client.json("/api/jobs?outcome=failed").path("total").asInt()).isZero();
    }

    @Test
    void tellsAllAboutAJobInEveryStage() throws Exception {
        for (Stage stage : Stage.values()) {
            JobId id = new JobId("job-" + stage.word());
            spate.board().put(spate.jobs().draw(id, stage));

            JsonNode job = client.json("/api/jobs/" + id);

            assertThat(job.path("id").asText()).isEqualTo(id.value());
            assertThat(job.path("state").asText()).isEqualTo(stage.word());
        }
    }

    @Test
    void tellsOfMachinesWithAndWithoutJobs() throws Exception {
        spate.fill(50);

        JsonNode machines = client.json("/api/machines").path("machines");

        Set<String> states = new HashSet<>(machines.findValuesAsText("state"));
        assertThat(states).contains("idle", "running");
        assertThat(machines).hasSize(spate.machines().size());
        assertThat(machines.findValuesAsText("worker")).contains(spate.self().toString());
    }

    @Test
    void tellsStatisticsInTheStepsAskedFor() throws Exception {
        spate.fill(200);

        JsonNode statistics = client.json("/api/statistics?since=2h&step=10m");

        assertThat(statistics.path("stepSeconds").asInt()).isEqualTo(600);
        assertThat(statistics.path("windows")).hasSizeBetween(12, 13);
        assertThat(statistics.path("now").path("states").size()).isPositive();
    }

    @Test
    void tellsHowTheWorkerIs() throws Exception {
        spate.health().notReady(List.of("no shard yet"));

        JsonNode status = client.json("/api/status");

        assertThat(status.path("worker").asText()).isEqualTo(spate.self().toString());
        assertThat(status.path("ready").asBoolean()).isFalse();
        assertThat(status.path("reasons").path(0).asText()).isEqualTo("no shard yet");
        assertThat(status.path("board").path("state").asText()).isEqualTo("ready");
        assertThat(status.path("canSubmit").asBoolean()).isTrue();
    }

    @Test
    void saysThatTheBoardIsNotReadyAndHowFarBehind() throws Exception {
        spate.board().be(new Board.State.Restoring(7_000));

        for (String path : List.of("/api/jobs", "/api/jobs/x", "/api/statistics")) {
            HttpResponse<String> response = client.get(path);

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(ApiClient.detail(response))
                    .isEqualTo("The board is not ready yet: 7000 records behind.");
        }
        assertThat(client.json("/api/status").path("board").path("behind").asInt())
                .isEqualTo(7_000);
    }

    @Test
    void saysThatTheBoardHasFailedOrIsOff() throws Exception {
        spate.board().be(new Board.State.Failed("no topic"));
        assertThat(ApiClient.detail(client.get("/api/jobs"))).contains("no topic");

        spate.board().be(new Board.State.Stopped());
        assertThat(client.get("/api/jobs").statusCode()).isEqualTo(503);
        assertThat(client.json("/api/status").path("board").path("state").asText())
                .isEqualTo("off");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/jobs?limit=abc, limit: expected 1 to 500",
        "/api/jobs?limit=0, limit: expected 1 to 500",
        "/api/jobs?limit=501, limit: expected 1 to 500",
        "/api/jobs?limit=1&limit=2, limit: expected one value",
        "/api/jobs?state=flying, state: expected a state",
        "/api/jobs?outcome=x, outcome: expected an outcome",
        "/api/jobs?cursor=!!!, cursor: expected what an answer told",
        "/api/jobs?cursor=AAAA, cursor: expected what an answer told",
        "/api/jobs?colour=red, query: expected one of",
        "/api/jobs?scope=global, scope: expected local",
        "/api/statistics?since=-1, since: expected a duration",
        "/api/statistics?since=400d, since: expected 1m to 1d",
        "/api/statistics?step=61s, step: expected whole minutes",
        "/api/statistics?step=2h, step: expected 1m to 1h",
    })
    void namesABadParameterAndWhatWasExpected(String path, String detail) throws Exception {
        HttpResponse<String> response = client.get(path);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(ApiClient.detail(response)).startsWith(detail);
    }

    @Test
    void givesPagesToBrowsersThatMayDoNothingElse() throws Exception {
        for (String path : List.of("/api/status", "/metrics", "/nothing")) {
            var headers = client.get(path).headers();

            assertThat(headers.firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(
                            policy ->
                                    assertThat(policy)
                                            .contains(
                                                    "default-src 'none'", "frame-ancestors 'none'")
                                            .doesNotContain("unsafe"));
            assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
            assertThat(headers.firstValue("Access-Control-Allow-Origin")).isEmpty();
        }
    }

    @Test
    void servesThePageOnceAndThenOnlySaysThatItIsTheSame() throws Exception {
        HttpResponse<String> first = client.get("/");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> again =
                client.send(client.request("/").header("If-None-Match", tag).GET());

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).contains("<title>");
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void answersHeadForThePageAsItAnswersGet() throws Exception {
        for (String path : List.of("/", "/page/api.js", "/page/nothing.js")) {
            for (String coding : List.of("identity", "gzip")) {
                HttpResponse<String> get =
                        client.send(client.request(path).header("Accept-Encoding", coding).GET());
                HttpResponse<String> head =
                        client.send(
                                client.request(path)
                                        .header("Accept-Encoding", coding)
                                        .method("HEAD", BodyPublishers.noBody()));

                assertThat(head.statusCode()).as(path).isEqualTo(get.statusCode());
                assertThat(head.headers().map()).as(path).isEqualTo(get.headers().map());
                assertThat(head.body()).isEmpty();
            }
        }
        assertThat(client.send(client.request("/").DELETE()).headers().firstValue("Allow"))
                .hasValue("GET, HEAD");
    }

    @Test
    void sendsThePageCompressedToWhoUnderstandsIt() throws Exception {
        HttpResponse<String> response =
                client.send(client.request("/").header("Accept-Encoding", "gzip").GET());

        assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
    }

    @Test
    void saysThatItHangsUpOnWhatIsNoRequest() throws Exception {
        HttpResponse<String> response = client.get("/api/jobs/a%00b");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Connection")).hasValue("close");
    }

    @Test
    void isStartingUntilItIsToldWhatToServe() throws Exception {
        try (WebServer server =
                        WebServer.start(
                                InMemorySpate.settings(),
                                () -> "",
                                new InMemoryHealth(),
                                RequestListener.NONE,
                                spate.scheduler());
                ApiClient early = new ApiClient(server.url())) {
            for (String path :
                    List.of("/api/jobs", "/api/status", "/api/machines", "/api/events")) {
                assertThat(early.get(path).statusCode()).as(path).isEqualTo(503);
            }
            assertThat(server.streams()).isZero();
            assertThat(early.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void tellsTheOwnAddressOrTheAdvertisedOne() {
        assertThat(spate.server().peer().host()).isEqualTo("127.0.0.1");
        HttpSettings settings = InMemorySpate.settings();
        HttpSettings advertised =
                new HttpSettings(
                        "127.0.0.1",
                        0,
                        Optional.of("worker-1.example"),
                        10,
                        5,
                        settings.requestMax(),
                        settings.idleTimeout(),
                        Optional.empty());
        try (WebServer server =
                WebServer.start(
                        advertised,
                        () -> "",
                        new InMemoryHealth(),
                        RequestListener.NONE,
                        spate.scheduler())) {
            assertThat(server.peer().toString()).isEqualTo("worker-1.example:" + server.port());
        }
    }
}
