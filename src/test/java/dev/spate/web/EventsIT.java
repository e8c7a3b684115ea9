package dev.spate.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.async.SystemScheduler;
import dev.spate.board.JobPage;
import dev.spate.board.Stage;
import dev.spate.job.ByteSize;
import dev.spate.job.JobId;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients that listen are told. */
@Timeout(value = 15, unit = TimeUnit.SECONDS)
class EventsIT {

    private final SystemScheduler scheduler = new SystemScheduler();
    private final InMemorySpate spate = InMemorySpate.start(scheduler, settings(6));
    private final Contract contract = new Contract();

    private static HttpSettings settings(int streamsMax) {
        return new HttpSettings(
                "127.0.0.1",
                0,
                Optional.empty(),
                100,
                streamsMax,
                ByteSize.ofMiB(1),
                Duration.ofSeconds(1),
                Optional.empty());
    }

    @AfterEach
    void close() {
        spate.close();
        scheduler.close();
    }

    @Test
    void tellsOfAJobsChangesAndOfItsEnd() throws Exception {
        JobId id = new JobId("mine");
        try (SseClient client = listen()) {
            assertThat(client.type()).startsWith("text/event-stream");
            client.next("beat");

            spate.board().put(spate.jobs().draw(id, Stage.RUNNING));
            JsonNode job = client.next("job");
            spate.board().forget(id);
            JsonNode gone = client.next("job-gone");

            assertThat(job.path("state").asText()).isEqualTo("running");
            contract.checkEvent("Job", job.toString());
            assertThat(gone.toString()).isEqualTo("{\"id\":\"mine\"}");
        }
    }

    @Test
    void beatsOnAndOnThoughNothingHappens() throws Exception {
        try (SseClient client = listen()) {
            // Three beats in the idle time-out: none of them would come if it closed the stream.
            for (int beat = 0; beat < 6; beat++) {
                contract.checkEvent("Nothing", client.next("beat").toString());
            }
        }
    }

    @Test
    void tellsOfAJobFourTimesASecondAtMostAndOfTheLatestInAnyCase() throws Exception {
        JobPage page = spate.jobs().draw(new JobId("mine"), Stage.WAITING);
        try (SseClient client = listen()) {
            client.next("beat");
            long beganNanos = scheduler.nanoTime();
            for (int change = 0; change < 500; change++) {
                page = spate.jobs().further(page, scheduler.now());
                spate.board().put(page);
            }
            long last = page.row().sequence();
            int told = 1;
            while (client.next("job").path("sequence").asLong() < last) {
                told++;
            }

            double seconds = (scheduler.nanoTime() - beganNanos) / 1e9;
            assertThat(told).isLessThanOrEqualTo(1 + (int) (seconds * 4));
        }
    }

    @Test
    void tellsToLookAnewWhenSomethingWasMissed() throws Exception {
        try (SseClient client = listen()) {
            client.next("beat");

            spate.board().miss();

            contract.checkEvent("Nothing", client.next("reload").toString());
        }
    }

    @Test
    void saysThatNothingIsHeardAlsoToWhoeverComesThen() throws Exception {
        Instant since = scheduler.now();
        try (SseClient client = listen()) {
            client.next("beat");
            spate.board().growStale(since);
            contract.checkEvent("Stale", client.next("stale").toString());
            try (SseClient late = listen()) {
                assertThat(late.next("stale").path("since").asText()).isEqualTo(Json.time(since));
            }

            spate.board().miss();

            client.next("reload");
        }
    }

    @Test
    void listensOnlyWhileSomebodyIsThere() throws Exception {
        assertThat(spate.board().listeners()).isZero();
        try (SseClient one = listen();
                SseClient other = listen()) {
            one.next("beat");
            other.next("beat");
            assertThat(spate.board().listeners()).isEqualTo(1);
            assertThat(spate.server().streams()).isEqualTo(2);
        }

        Awaitility.await().until(() -> spate.board().listeners() == 0);
        assertThat(spate.server().streams()).isZero();
    }

    @Test
    void hasRoomForSoManyAndTellsTheNextToComeAgain() throws Exception {
        List<SseClient> clients = new ArrayList<>();
        try (ApiClient api = new ApiClient(spate.url())) {
            for (int i = 0; i < 6; i++) {
                clients.add(listen());
            }
            var refused = api.get("/api/events");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
        } finally {
            for (SseClient client : clients) {
                client.close();
            }
        }
        Awaitility.await().until(() -> spate.server().streams() == 0);
    }

    @Test
    void answersWhoWantsOnlyTheHeaders() throws Exception {
        try (ApiClient api = new ApiClient(spate.url())) {
            var head = api.send(api.request("/api/events").method("HEAD", BodyPublishers.noBody()));

            assertThat(head.statusCode()).isEqualTo(200);
        }
        Awaitility.await().until(() -> spate.server().streams() == 0);
    }

    @Test
    void endsAllStreamsWhenTheServerStops() throws Exception {
        try (SseClient client = listen()) {
            client.next("beat");
            long beganNanos = scheduler.nanoTime();

            spate.close();

            while (client.next().isPresent()) {
                // What was on its way.
            }
            assertThat(Duration.ofNanos(scheduler.nanoTime() - beganNanos))
                    .isLessThan(Duration.ofSeconds(5));
        } catch (java.io.IOException cut) {
            // As good an end as any.
        }
    }

    private SseClient listen() throws Exception {
        return new SseClient(spate.url() + "/api/events");
    }
}
