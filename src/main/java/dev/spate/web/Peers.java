package dev.spate.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.board.Peer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * The other workers of the group, asked over HTTP for what they have themselves: all at once, for
 * two seconds at most, and each for a bounded answer. Safe for any thread.
 */
final class Peers implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration CONNECT_MAX = Duration.ofSeconds(1);
    private static final long ANSWER_BYTES_MAX = 8L << 20;

    private final Scheduler scheduler;
    private final HttpClient client;

    Peers(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.client =
                HttpClient.newBuilder()
                        .connectTimeout(CONNECT_MAX)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
    }

    /** What a worker answered. */
    sealed interface Answer {
        /** It has it. */
        record Found(JsonNode json) implements Answer {}

        /** It has no such thing. */
        record NotFound() implements Answer {}

        /** It did not answer, not in time, or not with what was asked for. */
        record Missing() implements Answer {}
    }

    /**
     * Asks others.
     *
     * @param path with the query
     * @return an answer for each
     */
    Map<Peer, Answer> ask(Collection<Peer> others, String path) throws InterruptedException {
        Deadline deadline = Deadline.after(scheduler, PATIENCE);
        Map<Peer, CompletableFuture<HttpResponse<byte[]>>> asked = new LinkedHashMap<>();
        others.forEach(peer -> asked.put(peer, send(peer, path)));
        Map<Peer, Answer> answers = new LinkedHashMap<>();
        for (Map.Entry<Peer, CompletableFuture<HttpResponse<byte[]>>> one : asked.entrySet()) {
            answers.put(one.getKey(), await(one.getValue(), deadline));
        }
        return answers;
    }

    /** What was found, and who is missing. */
    record Found(List<JsonNode> answers, List<Peer> missing) {

        static Found of(Map<Peer, Answer> all) {
            List<JsonNode> answers = new ArrayList<>();
            List<Peer> missing = new ArrayList<>();
            all.forEach(
                    (peer, answer) -> {
                        switch (answer) {
                            case Answer.Found(JsonNode json) -> answers.add(json);
                            case Answer.NotFound(), Answer.Missing() -> missing.add(peer);
                        }
                    });
            return new Found(answers, missing);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private CompletableFuture<HttpResponse<byte[]>> send(Peer peer, String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + peer + path))
                        .timeout(PATIENCE)
                        .header("Accept", Json.CONTENT_TYPE)
                        .build();
        return client.sendAsync(
                request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
    }

    private Answer await(CompletableFuture<HttpResponse<byte[]>> asked, Deadline deadline)
            throws InterruptedException {
        try {
            HttpResponse<byte[]> response = scheduler.await(asked, deadline);
            return switch (response.statusCode()) {
                case 200 -> new Answer.Found(Json.read(response.body()));
                case 404 -> new Answer.NotFound();
                default -> new Answer.Missing();
            };
        } catch (ExecutionException | TimeoutException | JsonProcessingException silent) {
            asked.cancel(true);
            return new Answer.Missing();
        }
    }
}
