package dev.spate.kafka;

import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.Phase;
import dev.spate.job.Spent;
import dev.spate.job.Trace;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records of the journal. Nothing is lost on the way there and back. A record names the version of
 * its form, so that a worker never misreads what a newer one wrote.
 */
public final class Records {

    private static final int VERSION = 1;

    private static final TokenFilter WITHOUT_JOB =
            new TokenFilter() {
                @Override
                public @Nullable TokenFilter includeProperty(String name) {
                    return name.equals("job") ? null : INCLUDE_ALL;
                }
            };

    private Records() {}

    /** The value of a journal record. */
    public static byte[] encode(JobRecord record) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", VERSION);
        json.set("job", JobJson.write(record.job()));
        json.put("profile", record.job().profile());
        json.put("contentHash", record.contentHash());
        record.trace().parent().ifPresent(parent -> json.put("traceParent", parent));
        record.trace().state().ifPresent(state -> json.put("traceState", state));
        json.put("publishedAt", record.publishedAt().toString());
        json.put("sequence", record.sequence());
        json.put("cancelled", record.isCancelled());
        json.setAll(new StateWriter().write(record.state()));
        json.set("spent", write(record.spent()));
        ObjectNode phases = json.putObject("phases");
        record.phases().forEach((phase, took) -> phases.put(phase.word(), took.toString()));
        return Json.write(json);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if somebody else wrote it, naming the place
     */
    public static JobRecord decode(byte[] value) {
        return decode(value, Optional.empty());
    }

    /**
     * Reads what {@link #encode} wrote. The job is most of a record, and the same in all records of
     * a job: whoever has read one of them need not read it again.
     *
     * @param before another record of the same id; if it is of the same job, that job is taken
     *     over, whatever this record says of it
     * @throws IllegalArgumentException if somebody else wrote it, naming the place
     */
    public static JobRecord decode(byte[] value, Optional<JobRecord> before) {
        try {
            if (before.isPresent()) {
                Place place = root(Json.parse(value, WITHOUT_JOB));
                Instant publishedAt = publishedAt(place);
                if (publishedAt.equals(before.get().publishedAt())
                        && contentHash(place).equals(before.get().contentHash())) {
                    return read(place, before.get().job(), publishedAt);
                }
            }
            Place place = root(Json.parse(value));
            return read(place, readJob(place), publishedAt(place));
        } catch (BadMessage bad) {
            throw new IllegalArgumentException("journal record: " + bad.getMessage(), bad);
        }
    }

    private static Place root(JsonNode node) {
        Place place = Place.ownRoot(node).object();
        Place version = place.required("version");
        if (version.longNumber() != VERSION) {
            throw version.expected("version " + VERSION);
        }
        return place;
    }

    private static Instant publishedAt(Place place) {
        return place.required("publishedAt").text(Instant::parse);
    }

    private static String contentHash(Place place) {
        return place.required("contentHash").text();
    }

    private static Job readJob(Place place) {
        return JobJson.read(place.required("job"), place.required("profile").text());
    }

    private static JobRecord read(Place place, Job job, Instant publishedAt) {
        return new JobRecord(
                job,
                contentHash(place),
                new Trace(
                        place.field("traceParent").map(Place::text),
                        place.field("traceState").map(Place::text)),
                publishedAt,
                place.required("sequence").longNumber(),
                place.required("cancelled").flag(),
                StateReader.read(place),
                readSpent(place.required("spent")),
                readPhases(place.required("phases")));
    }

    private static ObjectNode write(Spent spent) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("launches", spent.launches())
                .put("lost", spent.lost())
                .put("failed", spent.failed())
                .put("troubled", spent.troubled())
                .put("machineTime", spent.machineTime().toString())
                .put("usd", spent.usd().toString());
    }

    private static Spent readSpent(Place place) {
        return new Spent(
                count(place, "launches"),
                count(place, "lost"),
                count(place, "failed"),
                count(place, "troubled"),
                place.required("machineTime").text(Duration::parse),
                place.required("usd").text(BigDecimal::new));
    }

    private static int count(Place place, String field) {
        return place.required(field).wholeNumber(0, Integer.MAX_VALUE);
    }

    private static Map<Phase, Duration> readPhases(Place place) {
        Map<Phase, Duration> phases = new EnumMap<>(Phase.class);
        place.fields()
                .forEach(
                        field ->
                                phases.put(
                                        Words.phase(field.name()),
                                        field.place().text(Duration::parse)));
        return phases;
    }
}
