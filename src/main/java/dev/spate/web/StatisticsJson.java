package dev.spate.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.board.Now;
import dev.spate.board.Stage;
import dev.spate.board.Statistics;
import dev.spate.board.Window;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Statistics as the API tells them, and as one worker reads what another tells. */
final class StatisticsJson {

    private StatisticsJson() {}

    static ObjectNode write(Statistics statistics) {
        ObjectNode json = Json.object();
        json.put("stepSeconds", statistics.step().toSeconds());
        ArrayNode windows = json.putArray("windows");
        statistics.windows().forEach(window -> windows.add(window(window)));
        ObjectNode now = json.putObject("now");
        ObjectNode states = now.putObject("states");
        statistics.now().jobs().forEach((stage, count) -> states.put(stage.word(), count));
        now.put("machines", statistics.now().machines());
        now.put("usdPerHour", Json.usd(statistics.now().usdPerHour()));
        return json;
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws RuntimeException if it is something else
     */
    static Statistics read(JsonNode json) {
        List<Window> windows = new ArrayList<>();
        json.required("windows").forEach(window -> windows.add(readWindow(window)));
        JsonNode now = json.required("now");
        Map<Stage, Integer> jobs = new EnumMap<>(Stage.class);
        now.required("states")
                .properties()
                .forEach(state -> jobs.put(Stage.parse(state.getKey()), state.getValue().asInt()));
        return new Statistics(
                Duration.ofSeconds(json.required("stepSeconds").asLong()),
                windows,
                new Now(
                        jobs,
                        now.required("machines").asInt(),
                        now.required("usdPerHour").decimalValue()));
    }

    private static ObjectNode window(Window window) {
        ObjectNode json = Json.object();
        json.put("start", Json.time(window.start()));
        ObjectNode settled = json.putObject("settled");
        window.settled().forEach((outcome, count) -> settled.put(outcome.word(), count));
        json.put("machineSeconds", Json.seconds(window.machineTime()));
        json.put("costUsd", Json.usd(window.costUsd()));
        ObjectNode phases = json.putObject("phases");
        window.phases()
                .forEach(
                        (phase, time) ->
                                phases.putObject(phase.word())
                                        .put("count", time.count())
                                        .put("sumSeconds", Json.seconds(time.sum()))
                                        .put("maxSeconds", Json.seconds(time.max())));
        ObjectNode profiles = json.putObject("profiles");
        window.profiles()
                .forEach(
                        (profile, use) ->
                                profiles.putObject(profile)
                                        .put("jobs", use.jobs())
                                        .put("machineSeconds", Json.seconds(use.machineTime()))
                                        .put("costUsd", Json.usd(use.costUsd())));
        return json;
    }

    private static Window readWindow(JsonNode json) {
        Map<Outcome, Long> settled = new EnumMap<>(Outcome.class);
        json.required("settled")
                .properties()
                .forEach(e -> settled.put(Outcome.parse(e.getKey()), e.getValue().asLong()));
        Map<Phase, Window.PhaseTime> phases = new EnumMap<>(Phase.class);
        json.required("phases")
                .properties()
                .forEach(e -> phases.put(phase(e.getKey()), readPhase(e.getValue())));
        Map<String, Window.Use> profiles = new TreeMap<>();
        json.required("profiles")
                .properties()
                .forEach(e -> profiles.put(e.getKey(), readUse(e.getValue())));
        return new Window(
                Instant.parse(json.required("start").asText()),
                settled,
                Json.duration(json.required("machineSeconds")),
                usd(json),
                phases,
                profiles);
    }

    private static Window.PhaseTime readPhase(JsonNode json) {
        return new Window.PhaseTime(
                json.required("count").asLong(),
                Json.duration(json.required("sumSeconds")),
                Json.duration(json.required("maxSeconds")));
    }

    private static Window.Use readUse(JsonNode json) {
        return new Window.Use(
                json.required("jobs").asLong(),
                Json.duration(json.required("machineSeconds")),
                usd(json));
    }

    private static BigDecimal usd(JsonNode json) {
        return json.required("costUsd").decimalValue();
    }

    private static Phase phase(String word) {
        return Phase.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
