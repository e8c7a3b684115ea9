package dev.spate.web;

import dev.spate.job.JobId;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/jobs} and {@code DELETE /api/jobs/ID}, for whoever has the token.
 *
 * <p>A page of another site cannot get a browser to do either: such a request would need a header
 * that only a script may set, a script of another site would have to ask first, and nothing here
 * says yes.
 */
final class SubmissionRoutes {

    private static final int KAFKA_SECONDS = 5;

    private final Late late;
    private final Optional<Token> token;

    SubmissionRoutes(Late late, Optional<Token> token) {
        this.late = late;
        this.token = token;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/jobs", this::submit);
        routes.delete("/api/jobs/{id}", this::cancel);
    }

    private void submit(Context context) throws InterruptedException {
        requireRight(context);
        requireJson(context.header("Content-Type"));
        Optional<String> trace = Optional.ofNullable(context.header("traceparent"));
        answer(context, late.get().submissions().submit(context.bodyAsBytes(), trace));
    }

    private void cancel(Context context) throws InterruptedException {
        requireRight(context);
        answer(context, late.get().submissions().cancel(JobRoutes.id(context)));
    }

    private static void answer(Context context, Submissions.Answer answer) {
        switch (answer) {
            case Submissions.Answer.Published(JobId id) -> {
                context.status(202).header("Location", "/api/jobs/" + id);
                Answers.send(context, Json.object().put("id", id.value()));
            }
            case Submissions.Answer.Refused(String why) -> throw Refused.badRequest(why);
            case Submissions.Answer.Unreachable(String why) ->
                    throw Refused.later(why, KAFKA_SECONDS);
        }
    }

    private void requireRight(Context context) {
        if (token.isEmpty()) {
            throw Refused.forbidden(
                    "Nothing can be changed here: this worker has no http.token (SPATE_HTTP_TOKEN).");
        }
        if ("cross-site".equals(context.header("Sec-Fetch-Site"))) {
            throw Refused.forbidden("Pages of other sites cannot change anything here.");
        }
        String authorization = context.header("Authorization");
        if (authorization == null) {
            throw Refused.unauthorized("Expected `Authorization: Bearer TOKEN`, found none.");
        }
        if (!token.get().isIn(authorization)) {
            throw Refused.unauthorized("That is not this worker's token.");
        }
    }

    private static void requireJson(@Nullable String type) {
        String plain = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!plain.equals(Json.CONTENT_TYPE)) {
            throw Refused.wrongType("Expected Content-Type: application/json.");
        }
    }
}
