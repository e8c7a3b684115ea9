package dev.spate.web;

import dev.spate.board.Statistics;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Set;

/** {@code GET /api/statistics}, over all workers. */
final class StatisticsRoutes {

    private static final Duration SINCE = Duration.ofHours(3);
    private static final Duration SINCE_MAX = Duration.ofHours(24);
    private static final Duration STEP = Duration.ofMinutes(1);
    private static final Duration STEP_MAX = Duration.ofHours(1);

    private final Late late;
    private final Others others;

    StatisticsRoutes(Late late, Others others) {
        this.late = late;
        this.others = others;
    }

    void addTo(RoutesConfig routes, Turns turns) {
        routes.get("/api/statistics", turns.of(this::tell));
    }

    private void tell(Context context) throws InterruptedException {
        Parameters parameters = Parameters.of(context, Set.of("since", "step", Parameters.SCOPE));
        Duration step = parameters.duration("step", STEP, STEP_MAX, STEP);
        if (step.toSeconds() % STEP.toSeconds() != 0) {
            throw Refused.badRequest("step: expected whole minutes, found " + step);
        }
        Duration since = parameters.duration("since", step, SINCE_MAX, SINCE);
        Statistics own = late.contents().statistics(since, step);
        Others.All<Statistics> all =
                others.ask(
                        "/api/statistics",
                        parameters,
                        json -> ofStep(step, StatisticsJson.read(json)));
        Statistics sum = all.answers().stream().reduce(own, Statistics::plus);
        Answers.send(context, Answers.with(all.missing(), StatisticsJson.write(sum)));
    }

    /** Only what has the same step can be added up. */
    private static Statistics ofStep(Duration step, Statistics statistics) {
        if (!statistics.step().equals(step)) {
            throw new IllegalArgumentException(
                    "step: expected " + step + ", found " + statistics.step());
        }
        return statistics;
    }
}
