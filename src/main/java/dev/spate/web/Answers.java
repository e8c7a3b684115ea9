package dev.spate.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.List;

/** How answers are sent. */
final class Answers {

    private Answers() {}

    static void send(Context context, JsonNode json) {
        context.result(Json.bytes(json)).contentType(Json.CONTENT_TYPE);
    }

    /** Tells who did not contribute, if anybody did not. */
    static ObjectNode with(List<String> missing, ObjectNode json) {
        if (!missing.isEmpty()) {
            ArrayNode names = json.putArray("missing");
            missing.forEach(names::add);
        }
        return json;
    }
}
