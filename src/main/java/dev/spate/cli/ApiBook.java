package dev.spate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.job.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A worker's HTTP API: the jobs of its whole group. */
final class ApiBook implements JobBook {

    private final Api api;

    ApiBook(Api api) {
        this.api = api;
    }

    @Override
    public Listing list(JobFilter filter) throws InterruptedException {
        StringBuilder query = new StringBuilder("api/jobs?limit=" + filter.limit());
        append(query, "state", filter.states());
        append(query, "outcome", filter.outcomes());
        append(query, "profile", filter.profiles());
        JsonNode answer =
                api.get(query.toString())
                        .orElseThrow(() -> Refusal.failure("there is no API at this address"));
        List<JsonNode> rows = new ArrayList<>();
        answer.path("jobs").forEach(rows::add);
        return new Listing(rows, answer.path("total").asLong(rows.size()));
    }

    @Override
    public Optional<JsonNode> job(JobId id) throws InterruptedException {
        return api.get("api/jobs/" + Api.escaped(id.value()));
    }

    @Override
    public void close() {
        api.close();
    }

    private static void append(StringBuilder query, String name, List<String> values) {
        values.forEach(
                value -> query.append('&').append(name).append('=').append(Api.escaped(value)));
    }
}
