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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other workers of the group, asked over HTTP for what they have themselves: all at once, for
 * two seconds at most, and each for a bounded answer. Safe for any thread.
 */
final class Peers implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Peers.class);

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
    sealed interface Answer<T> {
        /** It has it. */
        record Found<T>(T value) implements Answer<T> {}

        /** It has no such thing. */
        record NotFound<T>() implements Answer<T> {}

        /** It did not answer, not in time, or not with what was asked for. */
        record Missing<T>() implements Answer<T> {}
    }

    /**
     * Asks others.
     *
     * @param path with the query
     * @param read understands an answer; if it throws, that was none
     * @return an answer for each
     */
    <T> Map<Peer, Answer<T>> ask(Collection<Peer> others, String path, Function<JsonNode, T> read)
            throws InterruptedException {
        Deadline deadline = Deadline.after(scheduler, PATIENCE);
        Map<Peer, CompletableFuture<HttpResponse<byte[]>>> asked = new LinkedHashMap<>();
        others.forEach(peer -> asked.put(peer, send(peer, path)));
        Map<Peer, Answer<T>> answers = new LinkedHashMap<>();
        for (Map.Entry<Peer, CompletableFuture<HttpResponse<byte[]>>> one : asked.entrySet()) {
            answers.put(one.getKey(), await(one.getValue(), deadline, read));
        }
        return answers;
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

    private <T> Answer<T> await(
            CompletableFuture<HttpResponse<byte[]>> asked,
            Deadline deadline,
            Function<JsonNode, T> read)
            throws InterruptedException {
        try {
            HttpResponse<byte[]> response = scheduler.await(asked, deadline);
            return switch (response.statusCode()) {
                case 200 -> read(response.body(), read);
                case 404 -> new Answer.NotFound<>();
                default -> new Answer.Missing<>();
            };
        } catch (ExecutionException | TimeoutException silent) {
            asked.cancel(true);
            return new Answer.Missing<>();
        }
    }

    private static <T> Answer<T> read(byte[] body, Function<JsonNode, T> read) {
        try {
            return new Answer.Found<>(read.apply(Json.read(body)));
        } catch (JsonProcessingException | RuntimeException nonsense) {
            log.debug("Another worker's answer cannot be understood", nonsense);
            return new Answer.Missing<>();
        }
    }
}
