package dev.spate.web;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** {@code GET /api/openapi.json}: the API's description. */
final class OpenApiRoute {

    private static final String FILE = "openapi.json";

    private final byte[] document = read();

    void addTo(RoutesConfig routes) {
        routes.get(
                "/api/openapi.json",
                context -> context.result(document).contentType(Json.CONTENT_TYPE));
    }

    private static byte[] read() {
        try (InputStream in = OpenApiRoute.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + ": is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
