package dev.spate.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.async.SystemScheduler;
import dev.spate.board.Stage;
import dev.spate.job.JobId;
import dev.spate.job.Member;
import dev.spate.job.RoleName;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A job's output as it comes. */
@Timeout(value = 15, unit = TimeUnit.SECONDS)
class OutputIT {

    private static final JobId JOB = new JobId("mine");
    private static final Member MAIN = new Member(RoleName.MAIN, 0);
    private static final Member CLIENT = new Member(new RoleName("client"), 2);

    private final SystemScheduler scheduler = new SystemScheduler();
    private final InMemorySpate spate = InMemorySpate.start(scheduler);
    private final Contract contract = new Contract();

    @AfterEach
    void close() {
        spate.close();
        scheduler.close();
    }

    @Test
    void sendsWhatWasWrittenAndWhatComesUntilTheJobIsSettled() throws Exception {
        spate.board().put(spate.jobs().draw(JOB, Stage.RUNNING));
        spate.output().write(JOB, MAIN, 1, "stdout", "one\n");
        try (SseClient client = read("")) {
            JsonNode first = client.next("chunk");
            spate.output().write(JOB, MAIN, 1, "stderr", "\u001b[31m<script>\0");
            JsonNode second = client.next("chunk");
            spate.board().put(spate.jobs().draw(JOB, Stage.SETTLED));
            client.next("end");

            contract.checkEvent("Chunk", first.toString());
            assertThat(new String(first.path("data").binaryValue(), UTF_8)).isEqualTo("one\n");
            assertThat(first.path("offset").asInt()).isZero();
            assertThat(second.path("stream").asText()).isEqualTo("stderr");
            assertThat(new String(second.path("data").binaryValue(), UTF_8))
                    .isEqualTo("\u001b[31m<script>\0");
            assertThat(client.next()).isEmpty();
        }
        Awaitility.await().until(() -> spate.server().streams() == 0);
    }

    @Test
    void tellsOfGapsAndCaps() throws Exception {
        spate.board().put(spate.jobs().draw(JOB, Stage.SETTLED));
        spate.output().add(JOB, new LiveOutput.Piece.Gap(MAIN, 1, "stdout", 0, 100));
        spate.output().add(JOB, new LiveOutput.Piece.Capped(MAIN, 1, "stdout", 100));
        try (SseClient client = read("")) {
            JsonNode gap = client.next("gap");
            JsonNode capped = client.next("capped");

            contract.checkEvent("Gap", gap.toString());
            contract.checkEvent("Capped", capped.toString());
            assertThat(gap.path("to").asInt()).isEqualTo(100);
        }
    }

    @Test
    void sendsOnlyTheMembersAskedFor() throws Exception {
        spate.board().put(spate.jobs().draw(JOB, Stage.SETTLED));
        spate.output().write(JOB, MAIN, 1, "stdout", "not this");
        spate.output().write(JOB, CLIENT, 1, "stdout", "this");
        try (SseClient client = read("?role=client&index=2")) {
            assertThat(client.next("chunk").path("role").asText()).isEqualTo("client");
            assertThat(client.next().map(SseClient.Event::name)).isEqualTo(Optional.of("end"));
        }
    }

    @Test
    void looksForNothingOfAJobThatWantedNoLiveOutput() throws Exception {
        spate.board().put(InMemoryJobs.withoutLogs(spate.jobs().draw(JOB, Stage.RUNNING)));
        spate.output().write(JOB, MAIN, 1, "stdout", "not to be found");
        try (SseClient client = read("")) {
            assertThat(client.next().map(SseClient.Event::name)).isEqualTo(Optional.of("end"));
        }
    }

    @Test
    void hasNoOutputOfAJobThatNobodyKnowsOrOfAMemberThatNoneHas() throws Exception {
        spate.board().put(spate.jobs().draw(JOB, Stage.RUNNING));
        try (ApiClient client = new ApiClient(spate.url())) {
            assertThat(client.get("/api/jobs/other/output").statusCode()).isEqualTo(404);
            assertThat(client.get("/api/jobs/mine/output?role=%3Cb%3E").statusCode())
                    .isEqualTo(400);
            assertThat(client.get("/api/jobs/mine/output?index=-1").statusCode()).isEqualTo(400);
        }
        assertThat(spate.server().streams()).isZero();
    }

    private SseClient read(String query) throws Exception {
        return new SseClient(spate.url() + "/api/jobs/" + JOB + "/output" + query);
    }
}
