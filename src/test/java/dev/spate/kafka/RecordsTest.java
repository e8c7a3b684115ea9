package dev.spate.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.engine.Incoming;
import dev.spate.job.Ending;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import dev.spate.job.Launch;
import dev.spate.job.MachineId;
import dev.spate.job.Outcome;
import dev.spate.job.Seat;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordsTest {

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void losesNothingOnTheWayThereAndBack(long seed) {
        JobRecord record = new Sample(seed).record();

        assertThat(Records.decode(Records.encode(record))).isEqualTo(record);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void writesTheSameWithAJobThatIsWrittenAlready(long seed) {
        JobRecord record = new Sample(seed).record();

        String job = Records.encodeJob(record.job());

        assertThat(Records.encode(record, job)).isEqualTo(Records.encode(record));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void takesJobAndLaunchesOverFromAnEarlierRecord(long seed) {
        JobRecord before = new Sample(seed).record();
        JobRecord record = before.cancelled();

        JobRecord decoded = Records.decode(Records.encode(record), Optional.of(before));

        assertThat(decoded).isEqualTo(record);
        assertThat(decoded.job()).isSameAs(before.job());
        assertThat(launches(decoded))
                .allSatisfy(
                        launch ->
                                assertThat(launches(before))
                                        .anySatisfy(one -> assertThat(one).isSameAs(launch)));
    }

    @Test
    void takesLaunchesOverFromMachinesThatWereStillToCome() {
        JobRecord before =
                seeds().mapToObj(seed -> new Sample(seed).record())
                        .filter(record -> record.state() instanceof JobState.Launching)
                        .findFirst()
                        .orElseThrow();
        JobState.Launching launching = (JobState.Launching) before.state();
        Seat seat = launching.seats().getFirst();
        Hold came =
                new Hold(seat.member(), seat.launch(), new MachineId("i-1"), before.publishedAt());
        JobRecord record = with(before, launching.prepare(List.of(came)));

        JobRecord decoded = Records.decode(Records.encode(record), Optional.of(before));

        assertThat(decoded).isEqualTo(record);
        assertThat(decoded.state().machines().getFirst().launch()).isSameAs(seat.launch());
    }

    private static List<Launch> launches(JobRecord record) {
        List<Launch> launches = new ArrayList<>();
        record.state().machines().forEach(hold -> launches.add(hold.launch()));
        if (record.state() instanceof JobState.Launching launching) {
            launching.seats().forEach(seat -> launches.add(seat.launch()));
        }
        return launches;
    }

    private static JobRecord with(JobRecord record, JobState state) {
        return new JobRecord(
                record.job(),
                record.contentHash(),
                record.trace(),
                record.publishedAt(),
                record.sequence(),
                record.isCancelled(),
                state,
                record.spent(),
                record.phases());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void readsTheJobIfTheEarlierRecordIsOfAnother(long seed) {
        JobRecord record = new Sample(seed).record();
        JobRecord otherContent = new Sample(seed + 1_000).record();
        JobRecord publishedAgain =
                new JobRecord(
                        otherContent.job(),
                        record.contentHash(),
                        record.trace(),
                        record.publishedAt().plusMillis(1),
                        record.sequence(),
                        record.isCancelled(),
                        record.state(),
                        record.spent(),
                        record.phases());

        byte[] value = Records.encode(record);

        assertThat(Records.decode(value, Optional.of(otherContent))).isEqualTo(record);
        assertThat(Records.decode(value, Optional.of(publishedAgain))).isEqualTo(record);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "5",
                "{",
                "{} {}",
                "{\"version\":1,\"version\":1}",
                "{\"version\":1} {}",
                "{\"version\":1} 5"
            })
    void refusesWhatIsNoRecordWhateverItKnowsAlready(String value) {
        Optional<JobRecord> before = Optional.of(new Sample(1).record());

        assertThatThrownBy(() -> Records.decode(value.getBytes(UTF_8), before))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("journal record: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " []", "{\"job\":1}", "5", "}"})
    void refusesWhatFollowsARecordButDoesNotLookBehindAJobItKnows(String more) {
        JobRecord record = new Sample(1).record();
        byte[] longer = (new String(Records.encode(record), UTF_8) + more).getBytes(UTF_8);

        assertThatThrownBy(() -> Records.decode(longer)).hasMessageContaining("line 1, column ");
        assertThat(Records.decode(longer, Optional.of(record))).isEqualTo(record);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version",
                "profile",
                "contentHash",
                "publishedAt",
                "sequence",
                "cancelled",
                "state",
                "launches",
                "spent",
                "phases"
            })
    void readsWhatHasAnotherFieldBehindTheJob(String last) throws IOException {
        JobRecord record = new Sample(1).record();
        ObjectNode json = (ObjectNode) new JsonMapper().readTree(Records.encode(record));
        json.set(last, json.remove(last));

        byte[] value = json.toString().getBytes(UTF_8);

        assertThat(Records.decode(value)).isEqualTo(record);
        assertThat(Records.decode(value, Optional.of(record))).isEqualTo(record);
    }

    @Test
    void refusesARecordWithoutAJobWhateverItKnowsAlready() throws IOException {
        JobRecord record = new Sample(1).record();
        ObjectNode json = (ObjectNode) new JsonMapper().readTree(Records.encode(record));
        json.remove("job");
        byte[] value = json.toString().getBytes(UTF_8);

        assertThatThrownBy(() -> Records.decode(value, Optional.of(record)))
                .hasMessage("journal record: job: expected a value, found none");
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void writesAJobAsAMessageThatMeansTheSame(long seed) {
        Job job = new Sample(seed).job();

        Incoming read =
                new JobMessages(Profiles.none(), MessageLimits.WIDEST)
                        .check(JobMessages.encode(job), Optional.empty());

        Job again = ((Incoming.Submitted) read).job();
        assertThat(again.roles()).isEqualTo(job.roles());
        assertThat(again.timeout()).isEqualTo(job.timeout());
        assertThat(Schemas.job().complaints(new String(JobMessages.encode(job), UTF_8))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsAFailureWhateverItsMessageIs(long seed) {
        Random random = new Random(seed);
        String message =
                random.ints(random.nextInt(2_100), 0, 10)
                        .map(
                                kind ->
                                        kind < 2
                                                ? 'a'
                                                : Character.MIN_SURROGATE + random.nextInt(2_048))
                        .collect(
                                StringBuilder::new,
                                (text, c) -> text.append((char) c),
                                StringBuilder::append)
                        .toString();
        Failure failure = new Failure(Failure.Kind.INFRASTRUCTURE, message);
        JobRecord record =
                new Sample(seed).record().to(new JobState.Waiting(1, Instant.EPOCH, failure));

        assertThat(Records.decode(Records.encode(record))).isEqualTo(record);
        assertThat(new String(failure.message().getBytes(UTF_8), UTF_8))
                .isEqualTo(failure.message());
    }

    @Test
    void readsARecordWithHalfOfASurrogatePairThatAnOlderWorkerWrote() {
        JobRecord record =
                new Sample(1)
                        .record()
                        .to(
                                new JobState.Waiting(
                                        1,
                                        Instant.EPOCH,
                                        new Failure(Failure.Kind.LOST, "console ends: HERE")));
        String json = new String(Records.encode(record), UTF_8).replace("HERE", "\\ude80");

        JobState read = Records.decode(json.getBytes(UTF_8)).state();

        assertThat(((JobState.Waiting) read).why().message()).isEqualTo("console ends: \ufffd");
    }

    @Test
    void readsASettledJobOfAWorkerThatRecordedNothingButItsOutcome() {
        Ending ending = Ending.of(Outcome.FAILED, Optional.empty());
        JobRecord record =
                new Sample(1).record().with(new JobState.Released(2, ending, Instant.EPOCH));
        String json = new String(Records.encode(record), UTF_8);
        assertThat(json).contains(",\"members\":[]");

        JobRecord read = Records.decode(json.replace(",\"members\":[]", "").getBytes(UTF_8));

        assertThat(read).isEqualTo(record);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void leavesOutWhatANewerWorkerSaysBeside(long seed) throws Exception {
        JobRecord record = new Sample(seed).record();
        JsonNode json = new ObjectMapper().readTree(Records.encode(record));
        addTo(json);

        assertThat(Records.decode(json.toString().getBytes(UTF_8))).isEqualTo(record);
    }

    /** A field that nobody knows, in every object whose fields have names of Spate's. */
    private static void addTo(JsonNode json) {
        if (json instanceof ObjectNode object) {
            object.properties().stream()
                    .filter(field -> !field.getKey().equals("env"))
                    .filter(field -> !field.getKey().equals("phases"))
                    .forEach(
                            field -> {
                                if (field.getKey().equals("roles")) {
                                    field.getValue().forEach(RecordsTest::addTo);
                                } else {
                                    addTo(field.getValue());
                                }
                            });
            object.put("news", 1);
        } else {
            json.forEach(RecordsTest::addTo);
        }
    }

    @Test
    void refusesARecordOfANewerForm() {
        assertThatThrownBy(() -> Records.decode("{\"version\": 2}".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("journal record: version: expected version 1, found 2");
    }

    @Test
    void refusesWhatIsNoRecord() {
        assertThatThrownBy(() -> Records.decode("[]".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected an object");
    }
}
