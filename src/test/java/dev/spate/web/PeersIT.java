package dev.spate.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.async.SystemScheduler;
import dev.spate.board.Board;
import dev.spate.board.Peer;
import dev.spate.board.Stage;
import dev.spate.job.JobId;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several workers of a group answer for one another. */
@Timeout(value = 15, unit = TimeUnit.SECONDS)
class PeersIT {

    private final SystemScheduler scheduler = new SystemScheduler();
    private final InMemorySpate one = InMemorySpate.start(scheduler);
    private final InMemorySpate other = InMemorySpate.start(scheduler);
    private final ApiClient client = new ApiClient(one.url());

    @BeforeEach
    void introduce() {
        know(one.self(), other.self());
    }

    @AfterEach
    void close() {
        client.close();
        one.close();
        other.close();
        scheduler.close();
    }

    @Test
    void listsTheJobsOfAllInOneOrderPageByPage() throws Exception {
        for (int i = 0; i < 60; i++) {
            one.board().put(one.jobs().draw(new JobId("one-" + i), Stage.RUNNING));
            other.board().put(other.jobs().draw(new JobId("other-" + i), Stage.WAITING));
        }
        List<String> ids = new ArrayList<>();
        List<String> times = new ArrayList<>();
        JsonNode page = client.json("/api/jobs?limit=25");
        while (true) {
            page.path("jobs").forEach(job -> ids.add(job.path("id").asText()));
            page.path("jobs").forEach(job -> times.add(job.path("publishedAt").asText()));
            assertThat(page.path("total").asInt()).isEqualTo(120);
            if (!page.has("next")) {
                break;
            }
            page = client.json("/api/jobs?limit=25&cursor=" + page.path("next").asText());
        }

        assertThat(ids).hasSize(120).doesNotHaveDuplicates();
        assertThat(times).isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void handsFiltersOnAsTheyAre() throws Exception {
        other.board().put(other.jobs().draw(new JobId("a.b_c-1"), Stage.RUNNING));
        other.board().put(other.jobs().draw(new JobId("x"), Stage.WAITING));

        JsonNode page = client.json("/api/jobs?q=a.b_c%2D&state=running&state=launching");

        assertThat(page.path("jobs").findValuesAsText("id")).containsExactly("a.b_c-1");
        assertThat(page.path("total").asInt()).isEqualTo(1);
    }

    @Test
    void findsAJobWhoeverHasIt() throws Exception {
        other.board().put(other.jobs().draw(new JobId("theirs"), Stage.RUNNING));

        assertThat(client.json("/api/jobs/theirs").path("state").asText()).isEqualTo("running");
        assertThat(client.get("/api/jobs/theirs?scope=local").statusCode()).isEqualTo(404);
        assertThat(client.get("/api/jobs/nobodys").statusCode()).isEqualTo(404);
    }

    @Test
    void addsMachinesAndStatisticsUp() throws Exception {
        one.fill(30);
        other.fill(30);

        int machines = client.json("/api/machines").path("machines").size();
        JsonNode statistics = client.json("/api/statistics?since=3h&step=1h");
        JsonNode own = client.json("/api/statistics?since=3h&step=1h&scope=local");

        assertThat(machines).isEqualTo(one.machines().size() + other.machines().size());
        assertThat(statistics.path("now").path("machines").asInt())
                .isGreaterThan(own.path("now").path("machines").asInt());
        assertThat(jobs(statistics)).isEqualTo(2 * jobs(own));
    }

    private static int jobs(JsonNode statistics) {
        int jobs = 0;
        for (JsonNode count : statistics.path("now").path("states")) {
            jobs += count.asInt();
        }
        return jobs;
    }

    @Test
    void saysWhoIsMissing() throws Exception {
        one.fill(3);
        other.close();

        for (String path : List.of("/api/jobs", "/api/machines", "/api/statistics")) {
            assertThat(client.json(path).path("missing").path(0).asText())
                    .as(path)
                    .isEqualTo(other.self().toString());
        }
        HttpResponse<String> unsure = client.get("/api/jobs/theirs");
        assertThat(unsure.statusCode()).isEqualTo(503);
        assertThat(ApiClient.detail(unsure)).contains(other.self().toString());
    }

    @Test
    void doesNotPassOverWhoeverGivesTheSameAddress() throws Exception {
        one.fill(3);
        one.board().cannotReach(new TreeSet<>(Set.of(2, 3)));

        for (String path : List.of("/api/jobs", "/api/machines", "/api/statistics")) {
            assertThat(client.json(path).path("missing").path(0).asText())
                    .as(path)
                    .isEqualTo("whoever has shard 2, 3");
            assertThat(client.json(path + "?scope=local").has("missing")).as(path).isFalse();
        }
        HttpResponse<String> unsure = client.get("/api/jobs/theirs");
        assertThat(unsure.statusCode()).isEqualTo(503);
        assertThat(ApiClient.detail(unsure)).contains("whoever has shard 2, 3");
    }

    @Test
    void countsAsMissingWhoIsNotReadyOrAnswersNonsense() throws Exception {
        other.board().be(new Board.State.Restoring(5));

        assertThat(client.json("/api/jobs").path("missing")).hasSize(1);
        assertThat(client.json("/api/statistics").path("missing")).hasSize(1);
    }

    @Test
    void waitsForNobodyLongerThanItSays() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Peer deaf = new Peer("127.0.0.1", silent.getLocalPort());
            know(one.self(), other.self(), deaf);
            other.board().put(other.jobs().draw(new JobId("theirs"), Stage.RUNNING));
            long beganNanos = scheduler.nanoTime();

            JsonNode page = client.json("/api/jobs");

            assertThat((scheduler.nanoTime() - beganNanos) / 1e9).isLessThan(4);
            assertThat(page.path("missing").path(0).asText()).isEqualTo(deaf.toString());
            assertThat(page.path("jobs").findValuesAsText("id")).containsExactly("theirs");
        }
    }

    @Test
    void letsOnlyAFewWaitForOthersAndStillAnswersThose() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            know(one.self(), new Peer("127.0.0.1", silent.getLocalPort()));
            var asking =
                    IntStream.range(0, 20)
                            .mapToObj(
                                    i ->
                                            scheduler.start(
                                                    "asks-" + i, () -> client.get("/api/jobs")))
                            .toList();
            assertThat(client.get("/api/jobs?scope=local").statusCode()).isEqualTo(200);

            List<Integer> statuses = new ArrayList<>();
            for (var one : asking) {
                statuses.add(one.result().get().statusCode());
            }

            assertThat(statuses).contains(200, 503).containsOnly(200, 503);
        }
    }

    @Test
    void takesNoAnswerForAnAnswerThatIsNone() throws Exception {
        try (ServerSocket liar = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var lying = scheduler.start("liar", () -> lie(liar));
            know(one.self(), new Peer("127.0.0.1", liar.getLocalPort()));

            assertThat(client.json("/api/jobs").path("missing")).hasSize(1);
            lying.cancel();
        }
    }

    private static boolean lie(ServerSocket liar) throws java.io.IOException {
        try (var socket = liar.accept()) {
            byte[] request = new byte[4_096];
            var _ = socket.getInputStream().read(request);
            String body = "{\"jobs\": 42}";
            String answer =
                    "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(answer.getBytes(UTF_8));
            return true;
        }
    }

    private void know(Peer... all) {
        List<Peer> peers = List.of(all);
        one.board().peers(peers, Optional.of(other.self()));
        other.board().peers(peers, Optional.of(one.self()));
    }
}
