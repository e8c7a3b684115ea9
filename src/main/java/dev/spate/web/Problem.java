package dev.spate.web;

import org.eclipse.jetty.http.HttpStatus;

/**
 * An error in the form of RFC 9457.
 *
 * @param status the HTTP status
 * @param detail one sentence for a person, or one for each mistake
 */
record Problem(int status, String detail) {

    static final String CONTENT_TYPE = "application/problem+json";

    String json() {
        return Json.object()
                .put("title", HttpStatus.getMessage(status))
                .put("status", status)
                .put("detail", detail)
                .toString();
    }
}
