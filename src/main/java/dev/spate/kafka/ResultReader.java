package dev.spate.kafka;

import dev.spate.job.Captured;
import dev.spate.job.Failure;
import dev.spate.job.JobId;
import dev.spate.job.JobResult;
import dev.spate.job.MachineId;
import dev.spate.job.Market;
import dev.spate.job.Member;
import dev.spate.job.MemberResult;
import dev.spate.job.Outcome;
import dev.spate.job.OutputFile;
import dev.spate.job.Phase;
import dev.spate.job.Pool;
import dev.spate.job.RelativePath;
import dev.spate.job.RoleName;
import dev.spate.job.Trace;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads result messages, for those who show them. */
public final class ResultReader {

    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000);

    private ResultReader() {}

    /**
     * Reads what {@link Results#encode} wrote. Fields that are not known are passed over: a newer
     * worker may have told more.
     *
     * @throws IllegalArgumentException naming the place, if it is no result
     */
    public static JobResult decode(byte[] value, Trace trace) {
        try {
            return read(Place.ownRoot(Json.parse(value)).object(), trace);
        } catch (BadMessage bad) {
            throw new IllegalArgumentException("result: " + bad.getMessage(), bad);
        }
    }

    private static JobResult read(Place place, Trace trace) {
        return new JobResult(
                place.required("id").text(JobId::new),
                place.required("attempt").wholeNumber(0, Integer.MAX_VALUE),
                place.required("outcome").text(Outcome::parse),
                exitCode(place),
                place.field("error").map(ResultReader::readError),
                place.required("members").elements().stream()
                        .map(ResultReader::readMember)
                        .toList(),
                readPhases(place.required("phases")),
                duration(place.required("machineSeconds")),
                place.field("costUsd").map(Place::number),
                place.required("publishedAt").text(Instant::parse),
                place.field("startedAt").map(at -> at.text(Instant::parse)),
                place.required("settledAt").text(Instant::parse),
                trace);
    }

    private static Failure readError(Place place) {
        return new Failure(
                place.required("class").text(Words::kind), place.required("message").text());
    }

    private static MemberResult readMember(Place place) {
        return new MemberResult(
                new Member(
                        place.required("role").text(RoleName::new),
                        place.required("index").wholeNumber(0, Integer.MAX_VALUE)),
                place.required("machine").text(MachineId::new),
                new Pool(
                        place.required("market").text(Market::parse),
                        place.required("type").text(),
                        place.field("zone").map(Place::text)),
                exitCode(place),
                readCaptured(place.required("stdout")),
                readCaptured(place.required("stderr")),
                readOutputs(place.required("outputs")));
    }

    private static Captured readCaptured(Place place) {
        return new Captured(
                place.required("bytes").longNumber(),
                place.required("head").text(),
                place.required("tail").text(),
                place.required("truncated").flag());
    }

    private static List<OutputFile> readOutputs(Place place) {
        return place.elements().stream()
                .map(
                        output ->
                                new OutputFile(
                                        output.required("path").text(RelativePath::new),
                                        output.required("bytes").longNumber(),
                                        output.required("sha256").text(),
                                        output.field("location").map(Place::text)))
                .toList();
    }

    private static Map<Phase, Duration> readPhases(Place place) {
        Map<Phase, Duration> phases = new EnumMap<>(Phase.class);
        place.fields()
                .forEach(field -> phases.put(Words.phase(field.name()), duration(field.place())));
        return phases;
    }

    private static Duration duration(Place place) {
        return Duration.ofNanos(place.number().multiply(NANOS_PER_SECOND).longValueExact());
    }

    private static OptionalInt exitCode(Place place) {
        Optional<Integer> code = place.field("exitCode").map(c -> c.wholeNumber(0, 255));
        return code.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }
}
