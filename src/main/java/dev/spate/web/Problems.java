package dev.spate.web;

import dev.spate.job.Text;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What went wrong, in the form of RFC 9457, whoever noticed. */
final class Problems {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    /** More different mistakes than anybody has. */
    private static final int TOLD_MAX = 100;

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    void addTo(RoutesConfig routes) {
        routes.exception(Refused.class, Problems::answer);
        routes.exception(HttpResponseException.class, Problems::answer);
        // What Jetty finds out while a handler reads: a body that is too large or ends too soon.
        routes.exception(HttpException.RuntimeException.class, Problems::answer);
        // The client is gone in the middle of its request: nobody's mistake but perhaps its own.
        routes.exception(
                EofException.class,
                (_, context) -> answer(context, new Problem(400, "The request ended too soon.")));
        routes.exception(
                Exception.class,
                (failure, context) -> {
                    logOnce(failure);
                    answer(
                            context,
                            new Problem(
                                    500,
                                    "A mistake of Spate's: " + failure.getClass().getSimpleName()));
                });
    }

    private static void answer(Refused refused, Context context) {
        refused.headers().forEach(context::header);
        answer(context, refused.problem());
    }

    private static void answer(HttpResponseException failure, Context context) {
        int status = failure.getStatus();
        String path = Text.quoted(context.path());
        String allowed = failure.getDetails().getOrDefault("availableMethods", "");
        if (status == 405) {
            context.header("Allow", withHead(allowed));
        }
        answer(
                context,
                new Problem(
                        status,
                        switch (status) {
                            case 404 -> "There is nothing at " + path + ".";
                            case 405 -> path + " answers " + withHead(allowed) + " only.";
                            default -> Text.oneLine(String.valueOf(failure.getMessage()));
                        }));
    }

    private static void answer(HttpException failure, Context context) {
        answer(
                context,
                new Problem(failure.getCode(), Text.oneLine(String.valueOf(failure.getReason()))));
    }

    /** Whoever answers GET answers HEAD. */
    private static String withHead(String allowed) {
        return allowed.contains("HEAD") ? allowed : allowed.replace("GET", "GET, HEAD");
    }

    private static void answer(Context context, Problem problem) {
        context.status(problem.status()).result(problem.json()).contentType(Problem.CONTENT_TYPE);
    }

    /** Once for each place it comes from: who asks does so every few seconds. */
    private void logOnce(Exception failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        String place = failure.getClass() + (trace.length == 0 ? "" : " " + trace[0]);
        if (told.size() < TOLD_MAX && told.add(place)) {
            log.error("A mistake of Spate's; told once", failure);
        }
    }

    /** For what goes wrong before a request reaches a route: too long, or no HTTP at all. */
    static final class BeforeRoutes extends ErrorHandler {

        private final RequestListener listener;

        BeforeRoutes(RequestListener listener) {
            this.listener = listener;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            int status = response.getStatus();
            Problem problem =
                    new Problem(
                            status,
                            switch (status) {
                                case 413 -> "The body is larger than http.request-max.";
                                case 431 -> "The headers are larger than 8 KiB.";
                                default -> "This is no request that can be answered.";
                            });
            // The connection ends, as nobody knows what on it is the next request; who is not told
            // may send one, and gets no answer.
            response.getHeaders()
                    .put(HttpHeader.CONNECTION, "close")
                    .put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE)
                    .put("Content-Security-Policy", SecurityHeaders.POLICY)
                    .put("X-Content-Type-Options", "nosniff");
            listener.answered(RequestMeter.OTHER, status, Duration.ZERO);
            Content.Sink.write(response, true, problem.json(), callback);
            return true;
        }
    }
}
