package dev.spate.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.async.Scheduler;
import dev.spate.board.Board;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.function.Supplier;

/** {@code /health/live}, {@code /health/ready}, {@code /metrics} and {@code /api/status}. */
final class StatusRoutes {

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Late late;
    private final Scrapes metrics;
    private final Health health;
    private final boolean canSubmit;
    private final Scheduler scheduler;

    StatusRoutes(
            Late late,
            Supplier<String> metrics,
            Health health,
            boolean canSubmit,
            Scheduler scheduler) {
        this.late = late;
        this.metrics = new Scrapes(metrics, scheduler);
        this.health = health;
        this.canSubmit = canSubmit;
        this.scheduler = scheduler;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/metrics", context -> context.result(metrics.get()).contentType(METRICS_TYPE));
        routes.get("/health/live", context -> answer(context, "live", health.reasonsNotLive()));
        routes.get("/health/ready", context -> answer(context, "ready", health.reasonsNotReady()));
        routes.get("/api/status", this::status);
    }

    private static void answer(Context context, String word, List<String> reasonsNot) {
        boolean isSo = reasonsNot.isEmpty();
        ObjectNode body = Json.object().put("status", isSo ? word : "not-" + word);
        texts(body.putArray("reasons"), reasonsNot);
        context.status(isSo ? 200 : 503);
        Answers.send(context, body);
    }

    private void status(Context context) {
        Api api = late.get();
        List<String> reasons = health.reasonsNotReady();
        ObjectNode json = Json.object();
        json.put("group", api.about().group());
        json.put("version", api.about().version());
        json.put("worker", api.about().self().toString());
        json.put("startedAt", Json.time(api.about().startedAt()));
        json.put("now", Json.time(scheduler.now()));
        json.put("ready", reasons.isEmpty());
        texts(json.putArray("reasons"), reasons);
        json.set("board", board(api.board().state()));
        ArrayNode workers = json.putArray("workers");
        api.board().peers().forEach(peer -> workers.add(peer.toString()));
        json.put("canSubmit", canSubmit);
        Answers.send(context, json);
    }

    private static ObjectNode board(Board.State state) {
        ObjectNode json = Json.object();
        return switch (state) {
            case Board.State.Ready _ -> json.put("state", "ready");
            case Board.State.Restoring(long behind) ->
                    json.put("state", "restoring").put("behind", behind);
            case Board.State.Failed(String why) -> json.put("state", "failed").put("why", why);
            case Board.State.Stopped() -> json.put("state", "off");
        };
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
