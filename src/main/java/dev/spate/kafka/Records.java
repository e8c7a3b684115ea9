package dev.spate.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.spate.job.Hold;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import dev.spate.job.Launch;
import dev.spate.job.Phase;
import dev.spate.job.Seat;
import dev.spate.job.Spent;
import dev.spate.job.Trace;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Records of the journal. Nothing is lost on the way there and back. A record names the version of
 * its form, so that a worker never misreads what a newer one wrote.
 */
public final class Records {

    private static final int VERSION = 1;

    /**
     * The last field: whoever knows the job stops there. A field that comes to be must stand before
     * it, or those who stop do not see it.
     */
    private static final String JOB = "job";

    /** The others that every record has. */
    private static final List<String> FIELDS =
            List.of(
                    "version",
                    "profile",
                    "contentHash",
                    "publishedAt",
                    "sequence",
                    "cancelled",
                    "state",
                    "launches",
                    "spent",
                    "phases");

    private Records() {}

    /** The value of a journal record. */
    public static byte[] encode(JobRecord record) {
        return encode(record, encodeJob(record.job()));
    }

    /** A job as {@link #encode(JobRecord, String)} wants it. */
    public static String encodeJob(Job job) {
        return Json.text(JobJson.write(job));
    }

    /**
     * The value of a journal record. The job is most of a record, and the same in all records of a
     * job: whoever writes many of them need not write it anew.
     *
     * @param job what {@link #encodeJob} makes of the record's job
     */
    public static byte[] encode(JobRecord record, String job) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", VERSION);
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
        json.putRawValue(JOB, new RawValue(job));
        return Json.write(json);
    }

    /**
     * Reads what {@link #encode(JobRecord)} wrote.
     *
     * @throws IllegalArgumentException if somebody else wrote it, naming the place
     */
    public static JobRecord decode(byte[] value) {
        return decode(value, Optional.empty());
    }

    /**
     * Reads what {@link #encode(JobRecord)} wrote. The job and the launches are most of a record,
     * and never change: whoever has read one record of a job need not read them again.
     *
     * @param before another record of the same id; if it is of the same job, that job and launches
     *     of the same tokens are taken over, whatever this record says of them or after them
     * @throws IllegalArgumentException if somebody else wrote it, naming the place
     */
    public static JobRecord decode(byte[] value, Optional<JobRecord> before) {
        try {
            Optional<JobRecord> next = before.flatMap(one -> next(value, one));
            if (next.isPresent()) {
                return next.get();
            }
            Place place = root(Json.parse(value));
            return read(place, readJob(place), publishedAt(place), List.of());
        } catch (BadMessage bad) {
            throw new IllegalArgumentException("journal record: " + bad.getMessage(), bad);
        }
    }

    /** Reads a record of a job that is known. Empty if it is of another, or in another order. */
    private static Optional<JobRecord> next(byte[] value, JobRecord before) {
        return Json.parseBefore(value, JOB)
                .filter(beginning -> FIELDS.stream().allMatch(beginning::has))
                .map(Records::root)
                .filter(place -> isOfSameJob(place, before))
                .map(
                        place ->
                                read(
                                        place,
                                        before.job(),
                                        before.publishedAt(),
                                        launches(before.state())));
    }

    private static boolean isOfSameJob(Place place, JobRecord before) {
        return publishedAt(place).equals(before.publishedAt())
                && contentHash(place).equals(before.contentHash());
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
        return JobJson.read(place.required(JOB), place.required("profile").text());
    }

    private static List<Launch> launches(JobState state) {
        Stream<Launch> held = state.machines().stream().map(Hold::launch);
        return state instanceof JobState.Launching launching
                ? Stream.concat(held, launching.seats().stream().map(Seat::launch)).toList()
                : held.toList();
    }

    private static JobRecord read(
            Place place, Job job, Instant publishedAt, List<Launch> launches) {
        return new JobRecord(
                job,
                contentHash(place),
                new Trace(
                        place.field("traceParent").map(Place::text),
                        place.field("traceState").map(Place::text)),
                publishedAt,
                place.required("sequence").longNumber(),
                place.required("cancelled").flag(),
                StateReader.read(place, launches),
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
