package dev.spate.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Asks a worker; every answer is held against the {@link Contract}. */
final class ApiClient implements AutoCloseable {

    private final HttpClient client = HttpClient.newHttpClient();
    private final Contract contract = new Contract();
    private final String url;

    ApiClient(String url) {
        this.url = url;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** The body of an answer that is to be 200. */
    JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        if (response.statusCode() != 200) {
            throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
        }
        return new JsonMapper().readTree(response.body());
    }

    /** What a refusal says. */
    static String detail(HttpResponse<String> response) throws IOException {
        return new JsonMapper().readTree(response.body()).path("detail").asText();
    }

    HttpResponse<String> post(String body, String token) throws IOException, InterruptedException {
        return send(
                request("/api/jobs")
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + token)
                        .POST(BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        contract.check(response);
        return response;
    }

    @Override
    public void close() {
        client.close();
    }
}
