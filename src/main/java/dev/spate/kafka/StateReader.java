package dev.spate.kafka;

import dev.spate.job.Ending;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.JobState;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.Market;
import dev.spate.job.Member;
import dev.spate.job.Outcome;
import dev.spate.job.Pool;
import dev.spate.job.RoleName;
import dev.spate.job.Seat;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads what {@link StateWriter} wrote. */
final class StateReader {

    private final List<Launch> launches;

    private StateReader(List<Launch> launches) {
        this.launches = launches;
    }

    /**
     * @param known launches that need not be read again
     */
    static JobState read(Place record, List<Launch> known) {
        List<Launch> launches =
                record.required("launches").elements().stream()
                        .map(launch -> find(launch, known).orElseGet(() -> readLaunch(launch)))
                        .toList();
        return new StateReader(launches).readState(record.required("state"));
    }

    private JobState readState(Place place) {
        int attempt = place.required("attempt").wholeNumber(1, Integer.MAX_VALUE);
        return switch (place.required("is").text()) {
            case "waiting" ->
                    new JobState.Waiting(attempt, instant(place, "notBefore"), readFailure(place));
            case "launching" ->
                    new JobState.Launching(
                            attempt,
                            place.required("seats").elements().stream()
                                    .map(this::readSeat)
                                    .toList(),
                            machines(place));
            case "preparing" -> new JobState.Preparing(attempt, machines(place));
            case "running" ->
                    new JobState.Running(attempt, machines(place), instant(place, "startedAt"));
            case "retreating" ->
                    new JobState.Retreating(
                            attempt,
                            machines(place),
                            readFailure(place),
                            place.required("nextAttempt").wholeNumber(1, Integer.MAX_VALUE));
            case "settled" ->
                    new JobState.Settled(
                            attempt, ending(place), instant(place, "at"), machines(place));
            case "released" -> new JobState.Released(attempt, ending(place), instant(place, "at"));
            default -> throw place.required("is").expected("a state");
        };
    }

    private Seat readSeat(Place place) {
        return new Seat(
                readMember(place),
                launch(place),
                place.required("seat").wholeNumber(0, Launch.COUNT_MAX));
    }

    private List<Hold> machines(Place place) {
        return place.required("machines").elements().stream().map(this::readHold).toList();
    }

    private Hold readHold(Place place) {
        return new Hold(
                readMember(place),
                launch(place),
                place.required("machine").text(MachineId::new),
                instant(place, "since"));
    }

    private Launch launch(Place place) {
        return launches.get(place.required("launch").wholeNumber(0, launches.size() - 1));
    }

    private static Member readMember(Place place) {
        return new Member(
                place.required("role").text(RoleName::new),
                place.required("index").wholeNumber(0, Integer.MAX_VALUE));
    }

    private static Failure readFailure(Place place) {
        return failure(place.required("why"));
    }

    private static Failure failure(Place why) {
        return new Failure(why.required("class").text(Words::kind), why.required("message").text());
    }

    /** Workers used to record nothing but the outcome. */
    private static Ending ending(Place place) {
        return new Ending(
                place.required("outcome").text(Outcome::parse),
                place.field("error").map(StateReader::failure),
                exitCode(place),
                place.field("startedAt").map(at -> at.text(Instant::parse)),
                place.field("members").map(Place::elements).orElse(List.of()).stream()
                        .map(StateReader::readMemberEnding)
                        .toList());
    }

    private static Ending.MemberEnding readMemberEnding(Place place) {
        return new Ending.MemberEnding(
                readMember(place),
                place.required("machine").text(MachineId::new),
                readPool(place.required("pool")),
                exitCode(place));
    }

    private static OptionalInt exitCode(Place place) {
        return place.field("exitCode").stream()
                .mapToInt(code -> code.wholeNumber(Integer.MIN_VALUE, Integer.MAX_VALUE))
                .findFirst();
    }

    private static Optional<Launch> find(Place place, List<Launch> known) {
        String token = place.required("token").text();
        return known.stream().filter(one -> one.token().value().equals(token)).findFirst();
    }

    private static Launch readLaunch(Place place) {
        return new Launch(
                place.required("token").text(LaunchToken::new),
                place.required("shard").wholeNumber(0, Integer.MAX_VALUE),
                MachineDraft.read(place.required("spec")).machine(),
                place.required("imageId").text(),
                readPool(place.required("pool")),
                place.required("count").wholeNumber(1, Launch.COUNT_MAX),
                place.required("lease").text(Duration::parse),
                instant(place, "expiresAt"),
                place.field("usdPerHour").map(usd -> usd.text(BigDecimal::new)));
    }

    private static Pool readPool(Place place) {
        return new Pool(
                place.required("market").text(Market::parse),
                place.required("type").text(),
                place.field("zone").map(Place::text));
    }

    private static Instant instant(Place place, String field) {
        return place.required(field).text(Instant::parse);
    }
}
