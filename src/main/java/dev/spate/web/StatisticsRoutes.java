package dev.spate.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.board.Peer;
import dev.spate.board.Statistics;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code GET /api/statistics}, over all workers. */
final class StatisticsRoutes {

    private static final Duration SINCE = Duration.ofHours(3);
    private static final Duration SINCE_MAX = Duration.ofHours(24);
    private static final Duration STEP = Duration.ofMinutes(1);
    private static final Duration STEP_MAX = Duration.ofHours(1);

    private final Late late;
    private final Peers peers;

    StatisticsRoutes(Late late, Peers peers) {
        this.late = late;
        this.peers = peers;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/api/statistics", this::tell);
    }

    private void tell(Context context) throws InterruptedException {
        Parameters parameters = Parameters.of(context, Set.of("since", "step", Parameters.SCOPE));
        Duration step = parameters.duration("step", STEP, STEP_MAX, STEP);
        if (step.toSeconds() % STEP.toSeconds() != 0) {
            throw Refused.badRequest("step: expected whole minutes, found " + step);
        }
        Duration since = parameters.duration("since", step, SINCE_MAX, SINCE);
        Statistics sum = late.contents().statistics(since, step);
        List<Peer> missing = new ArrayList<>();
        if (!parameters.isLocal()) {
            var answers =
                    peers.ask(
                            JobLookup.others(late.get()),
                            "/api/statistics" + parameters.forwarded());
            for (Map.Entry<Peer, Peers.Answer> answer : answers.entrySet()) {
                switch (answer.getValue()) {
                    case Peers.Answer.Found(JsonNode json) ->
                            sum = sum.plus(StatisticsJson.read(json));
                    case Peers.Answer.NotFound(), Peers.Answer.Missing() ->
                            missing.add(answer.getKey());
                }
            }
        }
        Answers.send(context, Answers.with(missing, StatisticsJson.write(sum)));
    }
}
