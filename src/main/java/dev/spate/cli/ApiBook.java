package dev.spate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.board.JobFilter;
import dev.spate.board.Stage;
import dev.spate.job.JobId;
import dev.spate.job.Outcome;
import dev.spate.job.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A worker's HTTP API: the jobs of its whole group. */
final class ApiBook implements JobBook {

    private final WorkerApi api;

    ApiBook(WorkerApi api) {
        this.api = api;
    }

    @Override
    public Selection list(JobFilter filter) throws InterruptedException {
        StringBuilder query = new StringBuilder("api/jobs?limit=" + filter.limit());
        append(query, "state", filter.stages().stream().map(Stage::word));
        append(query, "outcome", filter.outcomes().stream().map(Outcome::word));
        append(query, "profile", filter.profiles().stream());
        append(query, "q", filter.text().stream());
        JsonNode answer =
                api.get(query.toString())
                        .orElseThrow(() -> Refusal.failure("there is no API at this address"));
        List<JsonNode> rows = new ArrayList<>();
        answer.path("jobs").forEach(rows::add);
        List<String> missing = new ArrayList<>();
        answer.path("missing").forEach(name -> missing.add(Text.oneLine(name.asText())));
        return new Selection(rows, answer.path("total").asLong(rows.size()), missing);
    }

    @Override
    public Optional<JsonNode> job(JobId id) throws InterruptedException {
        return api.get("api/jobs/" + WorkerApi.escaped(id.value()));
    }

    @Override
    public void close() {
        api.close();
    }

    private static void append(StringBuilder query, String name, Stream<String> values) {
        values.sorted()
                .forEach(
                        value ->
                                query.append('&')
                                        .append(name)
                                        .append('=')
                                        .append(WorkerApi.escaped(value)));
    }
}
