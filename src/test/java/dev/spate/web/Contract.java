package dev.spate.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The API's description, and whether real answers keep to it. */
final class Contract {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final JsonNode document = read();

    /** Every route, as {@code GET /api/jobs/{id}}. */
    Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(
                        path ->
                                path.getValue()
                                        .fieldNames()
                                        .forEachRemaining(
                                                method ->
                                                        routes.add(
                                                                method.toUpperCase(Locale.ROOT)
                                                                        + " "
                                                                        + path.getKey())));
        return routes;
    }

    /** Fails if the answer is none that the description has for such a request. */
    void check(HttpResponse<String> response) {
        String method = response.request().method();
        String path = response.request().uri().getPath();
        JsonNode operation = operation(method, path);
        if (operation.isMissingNode()) {
            assertThat(response.statusCode()).as(method + " " + path).isIn(404, 405);
            checkBody(response, problem());
            return;
        }
        JsonNode answer = resolve(operation.path("responses").path("" + response.statusCode()));
        assertThat(answer.isMissingNode())
                .as(method + " " + path + " told of " + response.statusCode())
                .isFalse();
        for (String header : names(answer.path("headers"))) {
            assertThat(response.headers().firstValue(header)).as(header).isPresent();
        }
        if (!method.equals("HEAD")) {
            checkBody(response, answer);
        }
    }

    /** Fails if the data of an event does not keep to the schema of that name. */
    void checkEvent(String schema, String data) {
        assertThat(complaints("#/components/schemas/" + schema, data)).as(schema + data).isEmpty();
    }

    private void checkBody(HttpResponse<String> response, JsonNode answer) {
        JsonNode content = answer.path("content");
        if (content.isMissingNode()) {
            assertThat(response.body()).isEmpty();
            return;
        }
        String type = response.headers().firstValue("Content-Type").orElse("none").split(";", 2)[0];
        assertThat(names(content)).as(response.body()).containsAnyOf(type, "*/*");
        if (type.endsWith("json")) {
            String reference = content.path(type).path("schema").path("$ref").asText();
            if (!reference.isEmpty()) {
                assertThat(complaints(reference, response.body())).as(response.body()).isEmpty();
            }
        }
    }

    private List<String> complaints(String reference, String body) {
        ObjectNode schema = MAPPER.createObjectNode().put("$ref", reference);
        schema.set("components", document.path("components"));
        Schema compiled =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schema.toString(), InputFormat.JSON);
        return compiled.validate(body, InputFormat.JSON).stream().map(Object::toString).toList();
    }

    private JsonNode operation(String method, String path) {
        JsonNode best = document.path("paths").path(path);
        for (var candidate : document.path("paths").properties()) {
            String pattern = candidate.getKey().replace("{id}", "[^/]+").replace("{file}", ".+");
            if (best.isMissingNode() && path.matches(pattern)) {
                best = candidate.getValue();
            }
        }
        String known = method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT);
        return best.path(known);
    }

    private JsonNode problem() {
        return document.path("components").path("responses").path("NotFound");
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode read() {
        try (InputStream in =
                Objects.requireNonNull(Contract.class.getResourceAsStream("openapi.json"))) {
            return MAPPER.readTree(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
