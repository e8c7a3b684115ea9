package dev.spate.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The DevTools protocol over a WebSocket: calls with answers, and events, for each session of the
 * browser. Safe for any thread.
 */
final class DevTools implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger last = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
    private final Map<String, BiConsumer<String, JsonNode>> listeners = new ConcurrentHashMap<>();
    private final WebSocket socket;

    private DevTools(URI address) {
        socket =
                client.newWebSocketBuilder()
                        .connectTimeout(PATIENCE)
                        .buildAsync(address, new Receiver())
                        .join();
    }

    static DevTools connect(URI address) {
        return new DevTools(address);
    }

    /** From now on the session's events, by method, go to the listener; it must not block. */
    void listen(String session, BiConsumer<String, JsonNode> listener) {
        listeners.put(session, listener);
    }

    /**
     * Calls, and waits for the answer, half a minute at most.
     *
     * @param session empty for the browser itself
     */
    JsonNode call(String session, String method, Map<String, ?> parameters) {
        int id = last.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        calls.put(id, answer);
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("id", id);
        message.put("method", method);
        message.put("params", parameters);
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        send(message);
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException silent) {
            throw new AssertionError(method + ": the browser is silent", silent);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new AssertionError(method + ": interrupted", ended);
        } catch (java.util.concurrent.ExecutionException failed) {
            throw new AssertionError(method + ": " + failed.getCause(), failed);
        } finally {
            calls.remove(id);
        }
    }

    /** One message at a time: the socket takes no second one before the first is sent. */
    private synchronized void send(Map<String, Object> message) {
        try {
            socket.sendText(JSON.writeValueAsString(message), true).join();
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private void receive(String text) {
        JsonNode message;
        try {
            message = JSON.readTree(text);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("expected JSON of the browser", broken);
        }
        if (message.has("id")) {
            answer(message);
            return;
        }
        BiConsumer<String, JsonNode> listener = listeners.get(message.path("sessionId").asText());
        if (listener != null) {
            listener.accept(message.path("method").asText(), message.path("params"));
        }
    }

    private void answer(JsonNode message) {
        CompletableFuture<JsonNode> waiting = calls.get(message.get("id").asInt());
        if (waiting == null) {
            return;
        }
        if (message.has("error")) {
            waiting.completeExceptionally(
                    new IllegalStateException(message.get("error").toString()));
        } else {
            waiting.complete(message.path("result"));
        }
    }

    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
    }

    private final class Receiver implements WebSocket.Listener {

        private final StringBuilder parts = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence part, boolean isLast) {
            parts.append(part);
            if (isLast) {
                String whole = parts.toString();
                parts.setLength(0);
                receive(whole);
            }
            from.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            calls.values().forEach(call -> call.completeExceptionally(failure));
        }
    }
}
