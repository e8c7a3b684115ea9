package dev.spate.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** {@code GET /api/machines}, over all workers. */
final class MachineRoutes {

    private final Late late;
    private final Others others;

    MachineRoutes(Late late, Others others) {
        this.late = late;
        this.others = others;
    }

    void addTo(RoutesConfig routes, Turns turns) {
        routes.get("/api/machines", turns.of(this::list));
    }

    private void list(Context context) throws InterruptedException {
        Parameters parameters = Parameters.of(context, Set.of(Parameters.SCOPE));
        Api api = late.get();
        String worker = api.about().self().toString();
        List<JsonNode> all = new ArrayList<>();
        api.machines().get().forEach(machine -> all.add(json(machine, worker)));
        Others.All<List<JsonNode>> told =
                others.ask("/api/machines", parameters, MachineRoutes::machines);
        told.answers().forEach(all::addAll);
        all.sort(Comparator.comparing(machine -> machine.path("id").asText()));
        ObjectNode json = Json.object();
        ArrayNode machines = json.putArray("machines");
        all.forEach(machines::add);
        Answers.send(context, Answers.with(told.missing(), json));
    }

    private static List<JsonNode> machines(JsonNode answer) {
        List<JsonNode> machines = new ArrayList<>();
        for (JsonNode machine : answer.required("machines")) {
            var _ = machine.required("id");
            machines.add(machine);
        }
        return machines;
    }

    private static ObjectNode json(MachineRow machine, String worker) {
        ObjectNode json = Json.object();
        json.put("id", machine.id().value());
        json.put("state", machine.state());
        json.put("type", machine.pool().type());
        json.put("market", machine.pool().market().word());
        machine.pool().zone().ifPresent(zone -> json.put("zone", zone));
        machine.address().ifPresent(address -> json.put("address", address));
        machine.launchedAt().ifPresent(at -> json.put("launchedAt", Json.time(at)));
        machine.leaseUntil().ifPresent(at -> json.put("leaseUntil", Json.time(at)));
        machine.usdPerHour().ifPresent(usd -> json.put("usdPerHour", Json.usd(usd)));
        machine.costUsd().ifPresent(usd -> json.put("costUsd", Json.usd(usd)));
        json.put("shard", machine.shard());
        json.put("worker", worker);
        machine.use()
                .ifPresent(
                        use ->
                                json.put("job", use.job().value())
                                        .put("role", use.member().role().value())
                                        .put("index", use.member().index()));
        return json;
    }
}
