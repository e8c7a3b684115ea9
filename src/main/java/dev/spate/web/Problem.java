package dev.spate.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.eclipse.jetty.http.HttpStatus;

/**
 * An error in the form of RFC 9457.
 *
 * @param status the HTTP status
 * @param detail one sentence for a person
 */
record Problem(int status, String detail) {

    static final String CONTENT_TYPE = "application/problem+json";

    String json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("title", HttpStatus.getMessage(status))
                .put("status", status)
                .put("detail", detail)
                .toString();
    }
}
