package dev.spate.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.ByteSize;
import dev.spate.job.JobId;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Submitting and cancelling over HTTP: with the token it works, without it nothing does. */
class SubmissionIT {

    private static final String MESSAGE = "{\"id\": \"mine\", \"run\": \"echo hello\"}";

    @AutoClose private final InMemorySpate spate = InMemorySpate.start();
    private final ApiClient client = spate.client();

    @Test
    void publishesAJobForWhoeverHasTheToken() throws Exception {
        HttpResponse<String> response = client.post(MESSAGE, InMemorySpate.TOKEN);

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEqualTo("{\"id\":\"mine\"}");
        assertThat(response.headers().firstValue("Location")).hasValue("/api/jobs/mine");
        assertThat(spate.submissions().submitted()).containsExactly(MESSAGE);
    }

    @Test
    void givesAJobAnIdThatSaysNone() throws Exception {
        HttpResponse<String> response = client.post("{\"run\": \"true\"}", InMemorySpate.TOKEN);

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("Location")).hasValue("/api/jobs/job-1");
    }

    @Test
    void publishesACancellation() throws Exception {
        HttpResponse<String> response = cancel("mine", "Bearer " + InMemorySpate.TOKEN);

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(spate.submissions().cancelled()).containsExactly(new JobId("mine"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer wrong",
                "Basic dXNlcjpwYXNz",
                "Bearer in-memory-token-0123456789abcde",
                "Bearer in-memory-token-0123456789abcdeff",
                "in-memory-token-0123456789abcdef",
            })
    void doesNothingForWhoeverHasNot(String authorization) throws Exception {
        HttpResponse<String> response =
                client.send(
                        client.request("/api/jobs")
                                .header("Content-Type", "application/json")
                                .header("Authorization", authorization)
                                .POST(BodyPublishers.ofString(MESSAGE)));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(response.body()).doesNotContain("0123456789");
        assertThat(cancel("mine", authorization).statusCode()).isEqualTo(401);
        assertNothingHappened();
    }

    @Test
    void saysThatThisWorkerHasNoToken() throws Exception {
        try (InMemorySpate without =
                        InMemorySpate.start(spate.scheduler(), HttpSettings.onLoopback(0));
                ApiClient other = new ApiClient(without.url())) {
            HttpResponse<String> response = other.post(MESSAGE, InMemorySpate.TOKEN);

            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(ApiClient.detail(response)).contains("http.token");
            assertThat(other.json("/api/status").path("canSubmit").asBoolean()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"})
    void takesNoneOfTheBodiesThatAFormOfAnotherSiteCanSend(String type) throws Exception {
        HttpResponse<String> response =
                client.send(
                        client.request("/api/jobs")
                                .header("Content-Type", type)
                                .header("Authorization", "Bearer " + InMemorySpate.TOKEN)
                                .POST(BodyPublishers.ofString(MESSAGE)));

        assertThat(response.statusCode()).isEqualTo(415);
        assertNothingHappened();
    }

    @Test
    void doesNothingForAPageOfAnotherSite() throws Exception {
        HttpResponse<String> response =
                client.send(
                        client.request("/api/jobs/mine")
                                .header("Sec-Fetch-Site", "cross-site")
                                .header("Authorization", "Bearer " + InMemorySpate.TOKEN)
                                .DELETE());

        assertThat(response.statusCode()).isEqualTo(403);
        assertNothingHappened();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "\"text\"",
                "{\"id\": \"x\"}",
                "{\"id\": \"<script>\", \"run\": \"x\"}",
                "{\"id\": \"../up\", \"run\": \"x\"}",
                "{\"run\": \"x\", \"colour\": \"red\"}",
                "{\"run\": 42}",
                "{\"run\": \"x\", \"timeout\": \"soon\"}",
                "{\"run\": \"x\", \"env\": {\"SPATE_X\": \"1\"}}",
            })
    void refusesWhatNoWorkerWouldTakeAndSaysWhy(String message) throws Exception {
        HttpResponse<String> response = client.post(message, InMemorySpate.TOKEN);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(ApiClient.detail(response)).isNotBlank();
        assertNothingHappened();
    }

    @Test
    void refusesAMessageThatIsNestedWithoutEnd() throws Exception {
        String deep = "{\"run\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertThat(client.post(deep, InMemorySpate.TOKEN).statusCode()).isEqualTo(400);
        assertNothingHappened();
    }

    @Test
    void refusesABodyThatIsTooLarge() throws Exception {
        String large = "x".repeat((int) ByteSize.ofMiB(1).bytes() + 1);

        assertThat(client.post(large, InMemorySpate.TOKEN).statusCode()).isEqualTo(413);
        assertNothingHappened();
    }

    @Test
    void saysThatKafkaIsAway() throws Exception {
        spate.submissions().breakDown("Kafka at localhost:9092: nobody answers");

        HttpResponse<String> response = client.post(MESSAGE, InMemorySpate.TOKEN);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(ApiClient.detail(response)).contains("nobody answers");
    }

    @Test
    void hasNoJobUnderAnIdThatNoneCanHave() throws Exception {
        for (String id : List.of("%3Cscript%3E", "..%2Fup", "a%00b", "-x", "x".repeat(2_000))) {
            assertThat(cancel(id, "Bearer " + InMemorySpate.TOKEN).statusCode())
                    .as(id)
                    .isIn(400, 404);
        }
        assertNothingHappened();
    }

    @Test
    void neverSaysItsToken() {
        assertThat(new Token(InMemorySpate.TOKEN).toString()).doesNotContain("memory");
        assertThat(InMemorySpate.settings().with(new Token(InMemorySpate.TOKEN)).toString())
                .doesNotContain("memory");
        assertThat(Optional.of(new Token(InMemorySpate.TOKEN)).toString())
                .isEqualTo("Optional[Token[32 characters]]");
    }

    private HttpResponse<String> cancel(String id, String authorization) throws Exception {
        return client.send(
                client.request("/api/jobs/" + id).header("Authorization", authorization).DELETE());
    }

    private void assertNothingHappened() {
        assertThat(spate.submissions().submitted()).isEmpty();
        assertThat(spate.submissions().cancelled()).isEmpty();
    }
}
