package dev.spate.web;

import io.javalin.config.RoutesConfig;

/** What browsers are told with every answer: to do nothing but show this page. */
final class SecurityHeaders {

    static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors"
                    + " 'none'";

    void addTo(RoutesConfig routes) {
        routes.before(
                context ->
                        context.header("Cache-Control", "no-store")
                                .header("Content-Security-Policy", POLICY)
                                .header("Cross-Origin-Resource-Policy", "same-origin")
                                .header("Referrer-Policy", "no-referrer")
                                .header("X-Content-Type-Options", "nosniff"));
    }
}
