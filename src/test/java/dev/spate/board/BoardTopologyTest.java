package dev.spate.board;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.async.FakeScheduler;
import dev.spate.job.ByteSize;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import dev.spate.kafka.Records;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BoardTopologyTest {

    private static final RecordForm FORM =
            new RecordForm(Records::decode, Records::encodeJob, Records::encode);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration RETENTION = Duration.ofHours(2);

    private final FakeScheduler clock = new FakeScheduler(1);
    private final Instant start = clock.now();
    private final Tables tables = new Tables(FORM, clock);
    private final Progress progress = new Progress();
    private TopologyTestDriver driver = driver(folds(100, ByteSize.ofMiB(64)));
    private TestInputTopic<byte[], byte[]> journal = journal();

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void showsAJobAsItsLatestRecordSays() {
        write(Way.waiting("a", start).launch().prepare().run());

        JobPage page = page("a");

        assertThat(page.row().stage()).isEqualTo(Stage.RUNNING);
        assertThat(page.row().sequence()).isEqualTo(4);
        assertThat(page.row().updatedAt()).isEqualTo(start);
        assertThat(page.history())
                .extracting(Moment::stage)
                .containsExactly(Stage.WAITING, Stage.LAUNCHING, Stage.PREPARING, Stage.RUNNING);
        assertThat(page.members())
                .singleElement()
                .satisfies(
                        member -> {
                            assertThat(member.machine()).isPresent();
                            assertThat(member.usdPerHour()).hasValue(new BigDecimal("0.04"));
                        });
    }

    @Test
    void tellsHowAJobEndedAndOnWhichMachines() {
        write(Way.waiting("a", start).launch().prepare().run().settle(Outcome.FAILED).release());

        JobPage page = page("a");

        assertThat(page.row().outcome()).hasValue(Outcome.FAILED);
        assertThat(page.row().why().orElseThrow().message()).isEqualTo("main-0 exited with 3");
        assertThat(page.row().costUsd()).hasValue(new BigDecimal("0.01"));
        assertThat(page.row().exitCode()).hasValue(3);
        assertThat(page.members())
                .singleElement()
                .satisfies(m -> assertThat(m.exitCode()).hasValue(3));
    }

    @Test
    void isNotMovedByRepetitionsAndOlderRecords() {
        Way way = Way.waiting("a", start).launch().prepare().run().settle(Outcome.SUCCEEDED);
        write(way);
        JobPage before = page("a");
        Statistics counted = statistics();

        write(way);
        write(way.records().getFirst());

        assertThat(page("a")).isEqualTo(before);
        assertThat(statistics()).isEqualTo(counted);
    }

    @Test
    void forgetsWhatTheJournalForgetsAndTakesTheIdAnew() {
        write(Way.whole("a", "default", start));
        write("a", null);
        assertThat(tables.job(new JobId("a"))).isEmpty();

        write(Way.waiting("a", start));

        assertThat(page("a").row().sequence()).isEqualTo(1);
        assertThat(page("a").history()).hasSize(1);
    }

    @Test
    void takesAnIdAnewThoughTheTombstoneBetweenWasCompactedAway() {
        write(Way.whole("a", "default", start));

        write(Way.waiting("a", start.plusSeconds(1)).settle(Outcome.CANCELLED));

        assertThat(page("a").row().sequence()).isEqualTo(2);
        assertThat(page("a").history())
                .extracting(Moment::stage)
                .containsExactly(Stage.WAITING, Stage.SETTLED);
        assertThat(done(statistics())).isEqualTo(2);
    }

    @Test
    void keepsNothingOfATransactionThatWasTakenBack() {
        BoardSettings settings = new BoardSettings(true, 100, ByteSize.ofMiB(64), RETENTION, -1);
        Fold fold = new Fold(settings, FORM, tables, progress, clock);
        restart(() -> new Same(fold));
        write(Way.whole("a", "default", start));
        // The stores are as before the transaction: empty.
        restart(() -> new Same(fold));
        assertThat(ids()).isEmpty();

        write(Way.whole("a", "default", start));

        assertThat(driver.<String, byte[]>getKeyValueStore(Fold.JOBS).get("a")).isNotNull();
        assertThat(done(statistics())).isEqualTo(1);
    }

    @Test
    void passesOverWhatIsNoJobsAndWhatCannotBeRead() {
        write("@owner", null);
        write("@owner", new byte[] {1});
        write("a", "no record".getBytes(UTF_8));
        journal.pipeInput(null, new byte[] {1}, start);
        write("b", Records.encode(Way.waiting("b", start).last()));

        assertThat(ids()).containsExactly("b");
        assertThat(progress.unreadable()).isEqualTo(1);
    }

    @Test
    void keepsNoValueOfAVariableAndNoContentOfAFile() {
        write(Way.whole("a", "default", start));

        assertThat(page("a").toString())
                .contains("TOKEN_0", "in.txt")
                .doesNotContain(Way.SECRET)
                .doesNotContain(Way.CONTENT);
        byte[] kept = driver.<String, byte[]>getKeyValueStore(Fold.JOBS).get("a");
        assertThat(new String(kept, UTF_8)).doesNotContain(Way.SECRET).doesNotContain(Way.CONTENT);
    }

    @Test
    void keepsNoValueOfAVariableWhateverTheOrderOfARecordsFields() throws IOException {
        Way way = Way.waiting("a", start).launch();
        write(way.records().getFirst());
        ObjectNode json = (ObjectNode) new JsonMapper().readTree(Records.encode(way.last()));
        json.set("spent", json.remove("spent"));

        write("a", json.toString().getBytes(UTF_8));

        assertThat(page("a").row().stage()).isEqualTo(Stage.LAUNCHING);
        byte[] kept = driver.<String, byte[]>getKeyValueStore(Fold.JOBS).get("a");
        assertThat(new String(kept, UTF_8)).contains("TOKEN_0").doesNotContain(Way.SECRET);
    }

    @Test
    void keepsTheBeginningAndTheEndOfALongHistory() {
        Way way = Way.waiting("a", start);
        for (int i = 0; i < 30; i++) {
            way.launch().prepare().run().retreat().await();
        }
        write(way);

        List<Moment> history = page("a").history();

        assertThat(history).hasSize(History.MOMENTS_MAX);
        assertThat(history.getFirst()).extracting(Moment::attempt).isEqualTo(1);
        assertThat(history.subList(0, 5))
                .extracting(Moment::stage)
                .containsExactly(
                        Stage.WAITING,
                        Stage.LAUNCHING,
                        Stage.PREPARING,
                        Stage.RUNNING,
                        Stage.RETREATING);
        assertThat(history.getLast()).extracting(Moment::attempt).isEqualTo(31);
    }

    @Test
    void cutsALongJobShort() {
        Job job = Way.job("a", "default", "#" + "x".repeat(300_000), 150);
        write(Way.of(job, start));

        byte[] kept = driver.<String, byte[]>getKeyValueStore(Fold.JOBS).get("a");

        assertThat(kept).hasSizeLessThan(Trimming.RECORD_BYTES_MAX);
        assertThat(page("a").job().roles().getFirst().run()).endsWith("…");
        assertThat(page("a").job().roles().getFirst().env()).hasSize(150);
    }

    @Test
    void forgetsTheOldestOfTooManyJobsThatAreDoneAndNoOther() {
        restart(folds(3, ByteSize.ofMiB(64)));
        write(Way.waiting("waits", start.minusSeconds(100)));
        write(Way.waiting("owes", start.minusSeconds(99)).launch().prepare().settle(Outcome.LOST));
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofSeconds(1));
            write(Way.whole("done-" + i, "default", clock.now()));
        }

        assertThat(ids()).containsExactly("done-4", "done-3", "done-2", "owes", "waits");
        assertThat(driver.<String, byte[]>getKeyValueStore(Fold.JOBS).get("done-0")).isNull();
    }

    @Test
    void forgetsTheOldestWhenAllTogetherTakeTooMuchMemory() {
        restart(folds(1_000, ByteSize.ofMiB(1)));
        for (int i = 0; i < 300; i++) {
            clock.advance(Duration.ofSeconds(1));
            Job job = Way.job("done-" + i, "default", "#" + "x".repeat(5_000), 1);
            write(
                    Way.of(job, clock.now())
                            .launch()
                            .prepare()
                            .run()
                            .settle(Outcome.SUCCEEDED)
                            .release());
        }

        assertThat(tables.bytes()).isLessThan(1 << 20);
        assertThat(ids()).hasSizeGreaterThan(100).hasSizeLessThan(300).startsWith("done-299");
    }

    @Test
    void listsTheNewestFirstAndGoesOnWhereAListEnded() {
        for (int i = 0; i < 10; i++) {
            write(Way.waiting("job-" + i, start.plusSeconds(i / 2)));
        }

        Listing first = tables.jobs(JobFilter.newest(4));
        Listing rest =
                tables.jobs(
                        new JobFilter(
                                Set.of(),
                                Set.of(),
                                Set.of(),
                                Optional.empty(),
                                Optional.of(first.rows().getLast().position()),
                                100));

        assertThat(first.total()).isEqualTo(10);
        assertThat(first.rows())
                .extracting(row -> row.id().value())
                .containsExactly("job-9", "job-8", "job-7", "job-6");
        assertThat(rest.rows()).hasSize(6).isSortedAccordingTo(JobRow.NEWEST_FIRST);
        assertThat(rest.rows().getFirst().id()).hasToString("job-5");
    }

    @Test
    void showsAJobThoughItIsForgottenWhileItLooks() {
        Table table = new Table();
        RecordForm form =
                new RecordForm(
                        (bytes, before) -> {
                            table.remove(new JobId("job-2"));
                            return Records.decode(bytes, before);
                        },
                        Records::encodeJob,
                        Records::encode);
        Tables looked = new Tables(form, clock);
        looked.open(0, table);
        for (int i = 1; i <= 3; i++) {
            JobRecord record = Way.waiting("job-" + i, start.plusSeconds(i)).last();
            Entry entry =
                    Entry.next(Optional.empty(), Trimmed.of(record, FORM), start, FORM)
                            .orElseThrow();
            table.put(entry.head(), EntryBytes.encode(entry));
        }

        Listing listing = looked.jobs(JobFilter.newest(2));

        assertThat(listing.rows())
                .extracting(row -> row.id().value())
                .containsExactly("job-3", "job-2");
        assertThat(listing.isMore()).isTrue();
    }

    @Test
    void findsJobsByStageOutcomeProfileAndPartOfTheId() {
        write(Way.waiting("waits", "small", start));
        write(Way.whole("done-1", "small", start));
        write(Way.whole("done-2", "large", start));

        assertThat(find(Set.of(Stage.WAITING), Set.of(), Set.of(), null)).containsExactly("waits");
        assertThat(find(Set.of(), Set.of(Outcome.SUCCEEDED), Set.of("large"), null))
                .containsExactly("done-2");
        assertThat(find(Set.of(), Set.of(), Set.of(), "DONE")).containsExactly("done-2", "done-1");
        assertThat(find(Set.of(), Set.of(Outcome.LOST), Set.of(), null)).isEmpty();
    }

    @Test
    void countsEachJobOnceWhenItIsFirstSeenSettled() {
        write(Way.whole("a", "small", start));
        write(Way.waiting("b", "small", start).settle(Outcome.CANCELLED));
        // All that compaction has left of it.
        write(Way.whole("c", "large", start).last());

        Window window = only(statistics());

        assertThat(window.settled())
                .isEqualTo(Map.of(Outcome.SUCCEEDED, 2L, Outcome.CANCELLED, 1L));
        assertThat(window.machineTime()).isEqualTo(Duration.ofSeconds(270));
        assertThat(window.costUsd()).isEqualByComparingTo("0.03");
        assertThat(window.phases().get(Phase.RUN))
                .isEqualTo(new Window.PhaseTime(3, Duration.ofSeconds(6), Duration.ofSeconds(2)));
        assertThat(window.profiles()).containsOnlyKeys("small", "large");
        assertThat(window.profiles().get("small")).hasFieldOrPropertyWithValue("jobs", 2L);
    }

    @Test
    void sumsWindowsByTheStepThatIsAskedFor() {
        for (int i = 0; i < 10; i++) {
            write(Way.whole("job-" + i, "small", clock.now()));
            clock.advance(MINUTE);
        }

        Statistics byMinute = tables.statistics(Duration.ofMinutes(30), MINUTE);
        Statistics byFive = tables.statistics(Duration.ofMinutes(30), Duration.ofMinutes(5));

        assertThat(byMinute.windows()).hasSize(31);
        assertThat(byFive.windows()).hasSize(7);
        assertThat(done(byMinute)).isEqualTo(10);
        assertThat(done(byFive)).isEqualTo(10);
        assertThat(byFive.windows())
                .allSatisfy(window -> assertThat(window.start().getEpochSecond() % 300).isZero());
    }

    @Test
    void forgetsStatisticsWhenTheyAreOldAndCountsNothingIntoThem() {
        write(Way.whole("old", "small", start));
        clock.advance(Duration.ofHours(3));
        write(Way.whole("new", "small", clock.now()));
        write(Way.whole("late", "small", start));

        assertThat(done(tables.statistics(Duration.ofHours(4), MINUTE))).isEqualTo(1);
    }

    @Test
    void countsWhatAClockAheadOfTimeSaysAsSettledNow() {
        write(Way.whole("early", "small", start.plus(Duration.ofDays(2))));
        write(Way.whole("punctual", "small", start));

        assertThat(done(statistics())).isEqualTo(2);
    }

    @Test
    void boundsTheNumberOfProfilesItTellsOfByName() {
        for (int i = 0; i < 60; i++) {
            write(Way.whole("job-" + i, "profile-" + i, start));
        }

        Window window = only(statistics());

        assertThat(window.profiles()).hasSize(51).containsKey(Window.OTHER);
        assertThat(window.profiles().get(Window.OTHER)).hasFieldOrPropertyWithValue("jobs", 10L);
    }

    @Test
    void tellsHowThingsAreNow() {
        write(Way.waiting("waits", start));
        write(Way.waiting("runs", start).launch().prepare().run());
        write(Way.whole("done", "small", start));

        Now now = statistics().now();

        assertThat(now.jobs())
                .isEqualTo(Map.of(Stage.WAITING, 1, Stage.RUNNING, 1, Stage.RELEASED, 1));
        assertThat(now.machines()).isEqualTo(1);
        assertThat(now.usdPerHour()).isEqualByComparingTo("0.04");
    }

    @Test
    void comesToTheSameWhateverIsReadTwiceAsLongAsTheOrderIsKept() {
        List<JobRecord> way = Way.twice(Way.job("a", "small", "make check", 1), start).records();
        way.forEach(this::write);
        JobPage once = page("a");

        IntStream.range(0, way.size())
                .forEach(from -> way.subList(from, way.size()).forEach(this::write));

        assertThat(page("a")).isEqualTo(once);
        assertThat(done(statistics())).isEqualTo(1);
    }

    @Test
    void keepsJobsThatAreNotDoneInBriefWhenThereIsNoRoomForMore() {
        restart(folds(1_000, ByteSize.ofMiB(1)));
        String run = "echo " + "x".repeat(3_900);
        for (int i = 0; i < 400; i++) {
            write(Way.of(Way.job("job-" + i, "small", run, 100), start.plusSeconds(i)));
        }

        assertThat(tables.bytes()).isLessThan((1 << 20) + 400 * 2_000);
        assertThat(ids()).hasSize(400);
        assertThat(script("job-0")).isEqualTo(run);
        assertThat(script("job-399")).hasSizeLessThan(100).contains("the board was full");

        write(Way.of(Way.job("job-0", "small", run, 100), start).launch().last());

        assertThat(page("job-0").row().stage()).isEqualTo(Stage.LAUNCHING);
        assertThat(script("job-0")).contains("the board was full");
    }

    @Test
    void forgetsAJobThatIsDoneWhenThoseThatAreNotLeaveNoRoom() {
        restart(folds(1_000, ByteSize.ofMiB(1)));
        String run = "echo " + "x".repeat(3_900);
        for (int i = 0; i < 400; i++) {
            write(Way.of(Way.job("job-" + i, "small", run, 100), start.plusSeconds(i)));
        }

        write(Way.whole("done", "small", start));

        assertThat(ids()).hasSize(400).doesNotContain("done");
        assertThat(done(statistics())).isEqualTo(1);
    }

    private String script(String id) {
        return page(id).job().roles().getFirst().run();
    }

    private void restart(ProcessorSupplier<byte[], byte @Nullable [], Void, Void> fold) {
        driver.close();
        driver = driver(fold);
        journal = journal();
    }

    private ProcessorSupplier<byte[], byte @Nullable [], Void, Void> folds(
            int historyMax, ByteSize bytesMax) {
        BoardSettings settings = new BoardSettings(true, historyMax, bytesMax, RETENTION, -1);
        return () -> new Fold(settings, FORM, tables, progress, clock);
    }

    private TopologyTestDriver driver(
            ProcessorSupplier<byte[], byte @Nullable [], Void, Void> fold) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        return new TopologyTestDriver(
                BoardTopology.of("journal", RETENTION, fold), properties, start);
    }

    /** Kafka insists on another instance for every task; this one stands for the same. */
    private record Same(Fold fold) implements Processor<byte[], byte @Nullable [], Void, Void> {
        @Override
        public void init(ProcessorContext<Void, Void> context) {
            fold.init(context);
        }

        @Override
        public void process(Record<byte[], byte @Nullable []> record) {
            fold.process(record);
        }

        @Override
        public void close() {
            fold.close();
        }
    }

    private TestInputTopic<byte[], byte[]> journal() {
        return driver.createInputTopic(
                "journal", new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void write(Way way) {
        way.records().forEach(this::write);
    }

    /** With the time at which the job was published. */
    private void write(JobRecord record) {
        journal.pipeInput(
                record.id().value().getBytes(UTF_8), Records.encode(record), record.publishedAt());
    }

    @SuppressWarnings("NullAway") // Tombstones have no value.
    private void write(String key, byte @Nullable [] value) {
        journal.pipeInput(key.getBytes(UTF_8), value, start);
    }

    private JobPage page(String id) {
        return tables.job(new JobId(id)).orElseThrow();
    }

    private List<String> ids() {
        return tables.jobs(JobFilter.newest(500)).rows().stream()
                .map(row -> row.id().value())
                .toList();
    }

    private List<String> find(
            Set<Stage> stages, Set<Outcome> outcomes, Set<String> profiles, @Nullable String text) {
        return tables
                .jobs(
                        new JobFilter(
                                stages,
                                outcomes,
                                profiles,
                                Optional.ofNullable(text),
                                Optional.empty(),
                                100))
                .rows()
                .stream()
                .map(row -> row.id().value())
                .toList();
    }

    private Statistics statistics() {
        return tables.statistics(Duration.ofMinutes(10), MINUTE);
    }

    private static long done(Statistics statistics) {
        return statistics.windows().stream()
                .flatMap(window -> window.settled().values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    private static Window only(Statistics statistics) {
        List<Window> some =
                statistics.windows().stream().filter(w -> !w.settled().isEmpty()).toList();
        assertThat(some).hasSize(1);
        return some.getFirst();
    }
}
