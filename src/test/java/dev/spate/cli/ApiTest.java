package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands that ask a worker's HTTP API; here, one that says what it was told to say. */
class ApiTest {

    private static final String DONE =
            """
            {"id":"a","profile":"default","state":"released","outcome":"failed","attempt":2,
             "publishedAt":"2026-01-01T00:00:00Z","settledAt":"2026-01-01T00:00:04.5Z",
             "phases":{"queued":0.2,"run":3},"machines":1,"costUsd":0.0123,"exitCode":3,
             "why":{"class":"job","message":"main-0 exited\\u001b[2J with 3"},"sequence":7}
            """;

    private record Answer(int status, String body) {}

    private final Queue<Answer> answers = new ArrayDeque<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final HttpServer server = start();

    @BeforeEach
    void listen() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void listsJobsOfAWorker() {
        answers.add(new Answer(200, "{\"jobs\":[" + DONE + "],\"total\":7}"));

        Commandline ran = run("jobs", "--outcome", "failed", "--outcome", "lost", "-n", "1");

        assertThat(ran.exitCode()).isZero();
        assertThat(requests).containsExactly("GET /api/jobs?limit=1&outcome=failed&outcome=lost");
        assertThat(ran.out()).hasSize(3);
        assertThat(ran.out().get(1))
                .startsWith("a            failed         2 ")
                .contains(" 4.5s ")
                .contains(" $0.0123 ")
                .endsWith("job; main-0 exited [2J with 3, exit 3; queued 0.2s, run 3.0s");
        assertThat(ran.out().get(2)).isEqualTo("1 of 7 jobs");
    }

    @Test
    void saysWhoseJobsAreMissing() {
        String body = "{\"jobs\":[" + DONE + "],\"total\":1,\"missing\":[\"b:9\",\"c\\u001b:9\"]}";
        answers.add(new Answer(200, body));
        answers.add(new Answer(200, body));

        Commandline people = run("jobs");
        Commandline programs = run("jobs", "--json");

        assertThat(people.exitCode()).isZero();
        assertThat(people.out()).hasSize(2);
        assertThat(people.err())
                .containsExactly(
                        "spate jobs: jobs are missing, for there is no answer from b:9, c :9")
                .isEqualTo(programs.err());
        assertThat(programs.out()).hasSize(2).first().isEqualTo("{\"missing\":[\"b:9\",\"c :9\"]}");
    }

    @Test
    void anUnknownJobIsAFailure() {
        answers.add(new Answer(404, "{\"status\":404}"));

        Commandline ran = run("jobs", "nope");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .containsExactly(
                        "spate jobs: nobody knows of a job nope; if it was refused, spate results nope says why");
    }

    @Test
    void asksAgainWhileTheBoardIsNotReady() {
        answers.add(new Answer(503, "{\"detail\":\"The board is not ready yet.\"}"));
        answers.add(new Answer(200, DONE));

        Commandline ran = run("jobs", "--json", "a");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).singleElement().asString().contains("\"costUsd\":0.0123");
    }

    @Test
    void submitsWithTheTokenAndWaits() {
        answers.add(new Answer(202, "{\"id\":\"a\"}"));
        answers.add(new Answer(404, "{}"));
        answers.add(new Answer(200, DONE));

        Commandline ran = run("submit", "--wait", "-");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(requests)
                .containsExactly(
                        "POST /api/jobs Bearer a-token {\"id\":\"a\",\"run\":\"date\"}",
                        "GET /api/jobs/a",
                        "GET /api/jobs/a");
        assertThat(ran.out()).singleElement().asString().contains("exit 3");
    }

    @Test
    void saysThatAJobWasDoneBeforeItWasSubmitted() {
        answers.add(new Answer(202, "{\"id\":\"a\"}"));
        answers.add(new Answer(200, DONE));
        assertThat(run("submit", "--wait", "-").err())
                .containsExactly(
                        "a: was done before; this is its result, and nothing was run (another job"
                                + " needs another id)");

        answers.add(new Answer(202, "{\"id\":\"a\"}"));
        answers.add(
                new Answer(
                        200, DONE.replaceAll("\"publishedAt\":\"....", "\"publishedAt\":\"2999")));
        assertThat(run("submit", "--wait", "-").err()).isEmpty();
    }

    @Test
    void saysWhereToLookForWhatComesOfAWishToCancel() {
        answers.add(new Answer(202, "{\"id\":\"a\"}"));

        Commandline ran = run("cancel", "a");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err())
                .containsExactly("spate cancel: asked for; spate jobs a tells what comes of it");
    }

    @Test
    void saysWhatTheWorkerSays() {
        answers.add(new Answer(403, "{\"detail\":\"No token is configured.\"}"));

        Commandline ran = run("cancel", "a");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(requests).containsExactly("DELETE /api/jobs/a Bearer a-token ");
        assertThat(ran.err())
                .singleElement()
                .asString()
                .startsWith("spate cancel: API at http://127.0.0.1:")
                .endsWith("No token is configured.");
    }

    @Test
    void sendsNoTokenThatOthersCouldRead() {
        for (String elsewhere : List.of("http://192.0.2.1:9400", "http://127.0.0.1.example.com")) {
            Commandline ran = runAt(elsewhere, "cancel", "a");

            assertThat(ran.exitCode()).isEqualTo(2);
            assertThat(ran.err())
                    .first()
                    .asString()
                    .startsWith("spate cancel: --api: expected https, or an address of this");
        }
    }

    @Test
    void takesNoPasswordInAnAddressAndShowsNone() {
        Commandline ran = runAt("http://me:secret@127.0.0.1:9400", "jobs");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).first().asString().contains("--api: expected an address without");
        assertThat(ran.err()).noneMatch(line -> line.contains("secret"));
    }

    @Test
    void saysThatItIsNoWorker() {
        answers.add(new Answer(200, "<html>"));

        assertThat(run("jobs").err())
                .singleElement()
                .asString()
                .endsWith("expected JSON, found something else; is it a worker?");
    }

    private Commandline run(String... arguments) {
        return runAt("http://127.0.0.1:" + server.getAddress().getPort(), arguments);
    }

    private static Commandline runAt(String address, String... arguments) {
        return Commandline.run(
                Map.of("SPATE_API", address, "SPATE_API_TOKEN", "a-token"),
                "{\"id\":\"a\",\"run\":\"date\"}",
                arguments);
    }

    private HttpServer start() {
        try {
            HttpServer made =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            made.createContext(
                    "/",
                    exchange -> {
                        List<String> told = new ArrayList<>();
                        told.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                        String token = exchange.getRequestHeaders().getFirst("Authorization");
                        if (token != null) {
                            told.add(token);
                            told.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                        }
                        requests.add(String.join(" ", told));
                        Answer answer = answers.remove();
                        byte[] body = answer.body().getBytes(UTF_8);
                        exchange.sendResponseHeaders(answer.status(), body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
            return made;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
