package dev.spate.web;

import java.util.Map;

/** A request that is not answered as was asked: the way out of a handler. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;
    private final transient Map<String, String> headers;

    private Refused(Problem problem, Map<String, String> headers) {
        // Nobody looks at where it comes from, and there may be many.
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.headers = Map.copyOf(headers);
    }

    static Refused badRequest(String detail) {
        return new Refused(new Problem(400, detail), Map.of());
    }

    static Refused unauthorized(String detail) {
        return new Refused(
                new Problem(401, detail), Map.of("WWW-Authenticate", "Bearer realm=\"spate\""));
    }

    static Refused forbidden(String detail) {
        return new Refused(new Problem(403, detail), Map.of());
    }

    static Refused notFound(String detail) {
        return new Refused(new Problem(404, detail), Map.of());
    }

    static Refused wrongType(String detail) {
        return new Refused(new Problem(415, detail), Map.of());
    }

    /** It was meant for somebody else. */
    static Refused misdirected(String detail) {
        return new Refused(new Problem(421, detail), Map.of());
    }

    /** Nothing the client could do about it but ask again. */
    static Refused later(String detail, int seconds) {
        return new Refused(
                new Problem(503, detail), Map.of("Retry-After", Integer.toString(seconds)));
    }

    Problem problem() {
        return problem;
    }

    Map<String, String> headers() {
        return headers;
    }
}
