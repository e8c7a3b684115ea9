package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Text;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/**
 * A worker's HTTP API. Every call blocks for a quarter of a minute at most; a {@link Refusal} says
 * what the worker says, or that it says nothing. One thread at a time.
 */
final class WorkerApi implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int NOT_FOUND = 404;
    private static final int UNAUTHORIZED = 401;
    private static final int UNAVAILABLE = 503;
    private static final int ERRORS = 400;

    private final URI base;
    private final Optional<String> token;
    private final Scheduler scheduler;
    private final HttpClient client;
    private final JsonMapper mapper = new JsonMapper();

    /**
     * @param base with a slash at its end, such as {@code http://worker:9400/}
     * @param token sent with what changes something
     */
    WorkerApi(URI base, Optional<String> token, Scheduler scheduler) {
        this.base = base;
        this.token = token;
        this.scheduler = scheduler;
        this.client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    }

    /** What is at {@code api/…}; empty if there is nothing. */
    Optional<JsonNode> get(String path) throws InterruptedException {
        return answer(HttpRequest.newBuilder().GET(), path);
    }

    /** Hands over a document. */
    JsonNode post(String path, byte[] document) throws InterruptedException {
        return answer(
                        signed().header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(document)),
                        path)
                .orElse(MissingNode.getInstance());
    }

    /** Asks that something go; empty if it is not there. */
    Optional<JsonNode> delete(String path) throws InterruptedException {
        return answer(signed().DELETE(), path);
    }

    /** A text as a part of a path or a query. */
    static String escaped(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.close();
    }

    private HttpRequest.Builder signed() {
        HttpRequest.Builder request = HttpRequest.newBuilder();
        token.ifPresent(it -> request.header("Authorization", "Bearer " + it));
        return request;
    }

    private Optional<JsonNode> answer(HttpRequest.Builder request, String path)
            throws InterruptedException {
        HttpRequest whole = request.uri(base.resolve(path)).timeout(PATIENCE).build();
        Deadline deadline = Deadline.after(scheduler, PATIENCE);
        HttpResponse<byte[]> response = send(whole);
        // A worker that has just started has to read before it knows.
        while (response.statusCode() == UNAVAILABLE
                && whole.method().equals("GET")
                && !deadline.hasPassed(scheduler)) {
            scheduler.sleep(PAUSE);
            response = send(whole);
        }
        if (response.statusCode() == NOT_FOUND) {
            return Optional.empty();
        }
        if (response.statusCode() >= ERRORS) {
            throw refused(response);
        }
        return Optional.of(tree(response));
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofByteArray());
        } catch (IOException silent) {
            String why = silent.getMessage();
            throw Refusal.failure(
                    "API at " + base + ": " + (why == null ? "nobody answers" : Text.oneLine(why)));
        }
    }

    private JsonNode tree(HttpResponse<byte[]> response) {
        try {
            return mapper.readTree(new String(response.body(), UTF_8));
        } catch (JsonProcessingException foreign) {
            throw Refusal.failure(
                    "API at " + base + ": expected JSON, found something else; is it a worker?");
        }
    }

    private Refusal refused(HttpResponse<byte[]> response) {
        String detail = "";
        try {
            detail = mapper.readTree(new String(response.body(), UTF_8)).path("detail").asText();
        } catch (JsonProcessingException foreign) {
            // Then the status has to do.
        }
        String hint =
                response.statusCode() == UNAUTHORIZED
                        ? " (--token-file or SPATE_API_TOKEN says which token)"
                        : "";
        return Refusal.failure(
                "API at "
                        + base
                        + ": "
                        + (detail.isEmpty()
                                ? "status " + response.statusCode()
                                : Text.oneLine(detail))
                        + hint);
    }
}
