package dev.spate.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.board.JobFilter;
import dev.spate.board.JobRow;
import dev.spate.board.Listing;
import dev.spate.board.Position;
import dev.spate.board.Stage;
import dev.spate.job.JobId;
import dev.spate.job.Outcome;
import dev.spate.job.Text;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** {@code GET /api/jobs} and {@code /api/jobs/ID}, over all workers. */
final class JobRoutes {

    private static final int LIMIT = 50;
    private static final Set<String> LIST_PARAMETERS =
            Set.of("state", "outcome", "profile", "q", "limit", "cursor", Parameters.SCOPE);

    private final Late late;
    private final Others others;
    private final JobLookup lookup;

    JobRoutes(Late late, Others others, JobLookup lookup) {
        this.late = late;
        this.others = others;
        this.lookup = lookup;
    }

    void addTo(RoutesConfig routes, Turns turns) {
        routes.get("/api/jobs", turns.of(this::list));
        routes.get("/api/jobs/{id}", turns.of(this::one));
    }

    /** A job of the list, wherever it comes from. */
    private record Entry(Position position, long sequence, JsonNode json) {

        static Entry of(JobRow row) {
            return new Entry(row.position(), row.sequence(), JobAnswers.row(row));
        }

        /** One of another worker's; it is as good as we are. */
        static Entry of(JsonNode json) {
            return new Entry(
                    new Position(
                            Instant.parse(json.required("publishedAt").asText()),
                            new JobId(json.required("id").asText())),
                    json.required("sequence").asLong(),
                    json);
        }
    }

    /** What another worker has of the list. */
    private record Part(List<Entry> entries, boolean isMore, long total) {

        static Part of(JsonNode json) {
            List<Entry> entries = new ArrayList<>();
            json.required("jobs").forEach(job -> entries.add(Entry.of(job)));
            return new Part(entries, json.has("next"), json.required("total").asLong());
        }
    }

    private void list(Context context) throws InterruptedException {
        Parameters parameters = Parameters.of(context, LIST_PARAMETERS);
        JobFilter filter = filter(parameters);
        Listing own = late.contents().jobs(filter);
        List<Entry> entries = new ArrayList<>(own.rows().stream().map(Entry::of).toList());
        Others.All<Part> all = others.ask("/api/jobs", parameters, Part::of);
        boolean isMore = own.isMore();
        long total = own.total();
        for (Part part : all.answers()) {
            entries.addAll(part.entries());
            isMore |= part.isMore();
            total += part.total();
        }
        List<Entry> shown = merged(entries, filter.limit());
        ObjectNode json = Json.object();
        ArrayNode jobs = json.putArray("jobs");
        shown.forEach(entry -> jobs.add(entry.json()));
        if (!shown.isEmpty() && (isMore || entries.size() > shown.size())) {
            json.put("next", Cursor.write(shown.getLast().position()));
        }
        json.put("total", total);
        Answers.send(context, Answers.with(all.missing(), json));
    }

    /** While a shard changes hands, two workers may know of the same job. */
    private static List<Entry> merged(List<Entry> entries, int limit) {
        Set<JobId> seen = new HashSet<>();
        return entries.stream()
                .sorted(
                        Comparator.comparing(Entry::position, Position.NEWEST_FIRST)
                                .thenComparing(Entry::sequence, Comparator.reverseOrder()))
                .filter(entry -> seen.add(entry.position().id()))
                .limit(limit)
                .toList();
    }

    private static JobFilter filter(Parameters parameters) {
        return new JobFilter(
                parameters.all("state", Stage::parse),
                parameters.all("outcome", Outcome::parse),
                parameters.all("profile", Function.identity()),
                parameters.one("q", Function.identity()),
                parameters.one("cursor", Cursor::read),
                parameters.number("limit", 1, JobFilter.LIMIT_MAX, LIMIT));
    }

    private void one(Context context) throws InterruptedException {
        Parameters parameters = Parameters.of(context, Set.of(Parameters.SCOPE));
        Answers.send(context, lookup.find(id(context), parameters.isLocal()));
    }

    /** The job a path names; what cannot be an id is one that nobody has. */
    static JobId id(Context context) {
        String text = context.pathParam("id");
        try {
            return new JobId(text);
        } catch (IllegalArgumentException malformed) {
            throw Refused.notFound("There is no job " + Text.quoted(text) + ".");
        }
    }
}
