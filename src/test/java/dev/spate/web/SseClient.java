package dev.spate.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads server-sent events as they come. One thread at a time. */
final class SseClient implements AutoCloseable {

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpResponse<java.io.InputStream> response;
    private final BufferedReader reader;

    /** An event. */
    record Event(String name, JsonNode data) {}

    SseClient(String url) throws IOException, InterruptedException {
        response =
                client.send(
                        HttpRequest.newBuilder(URI.create(url)).build(),
                        BodyHandlers.ofInputStream());
        reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    int status() {
        return response.statusCode();
    }

    String type() {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    /** The next event; empty at the end of the stream. Blocks until there is one. */
    Optional<Event> next() throws IOException {
        String name = "";
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("event: ")) {
                name = line.substring("event: ".length());
            } else if (line.startsWith("data: ")) {
                return Optional.of(
                        new Event(
                                name,
                                new JsonMapper().readTree(line.substring("data: ".length()))));
            }
        }
        return Optional.empty();
    }

    /** The next event of that name. */
    JsonNode next(String name) throws IOException {
        while (true) {
            Event event = next().orElseThrow(() -> new IOException("no " + name + " came"));
            if (event.name().equals(name)) {
                return event.data();
            }
        }
    }

    @Override
    public void close() throws IOException {
        response.body().close();
        client.shutdownNow();
        client.close();
    }
}
