package dev.spate.board;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.spate.async.SystemScheduler;
import dev.spate.job.ByteSize;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.Outcome;
import dev.spate.kafka.ClientProperties;
import dev.spate.kafka.KafkaSettings;
import dev.spate.kafka.Records;
import dev.spate.kafka.TopicSetup;
import dev.spate.kafka.Topics;
import dev.spate.local.Broker;
import dev.spate.local.BrokerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class BoardIT {

    private static final RecordForm FORM =
            new RecordForm(Records::decode, Records::encodeJob, Records::encode);
    private static final Peer ONE = new Peer("127.0.0.1", 9401);
    private static final Peer OTHER = new Peer("127.0.0.1", 9402);
    private static final int PARTITIONS = 4;

    @TempDir Path data;

    private final SystemScheduler scheduler = new SystemScheduler();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Instant now = scheduler.now();
    private Broker broker;
    private KafkaSettings settings;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void begin() throws Exception {
        broker = start(0);
        settings =
                KafkaSettings.of(broker.bootstrapServers(), "board-test")
                        .with(Topics.prefixed("b."));
        try (Admin admin = Admin.create(new ClientProperties(settings).admin())) {
            new TopicSetup(settings, admin).create(PARTITIONS, Optional.empty());
        }
        producer = producer("writer");
    }

    private Broker start(int port) throws IOException {
        return Broker.start(new BrokerSettings(data, port, Duration.ofSeconds(3), Map.of()));
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        broker.close();
        scheduler.close();
    }

    @Test
    void sharesTheJobsBetweenWorkersAndGivesThemToWhoStays() throws Exception {
        List<String> ids = write(0, 40);

        StreamBoard one = board(ONE);
        StreamBoard other = board(OTHER);
        eventually()
                .untilAsserted(
                        () -> {
                            assertThat(one.peers()).containsExactly(ONE, OTHER);
                            assertThat(rows(one)).isNotEmpty();
                            assertThat(rows(other)).isNotEmpty();
                            assertThat(rows(one).size() + rows(other).size()).isEqualTo(ids.size());
                        });

        for (String id : ids) {
            StreamBoard owner = one.ownerOf(new JobId(id)).equals(Optional.of(ONE)) ? one : other;
            assertThat(owner.ownerOf(new JobId(id))).isEqualTo(other.ownerOf(new JobId(id)));
            assertThat(contents(owner).job(new JobId(id))).isPresent();
        }
        assertThat(one.unreachable()).isEmpty();
        assertThat(other.unreachable()).isEmpty();
        List<JobRow> before = new ArrayList<>(rows(one));
        before.addAll(rows(other));
        before.sort(JobRow.NEWEST_FIRST);

        other.close();

        eventually().untilAsserted(() -> assertThat(rows(one)).isEqualTo(before));
        assertThat(one.peers()).containsExactly(ONE);
        assertThat(settled(one)).isEqualTo(ids.size());
    }

    @Test
    void knowsThatJobsAreOutOfReachOfWorkersThatGiveTheSameAddress() throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(StreamBoard.class);
        log.addAppender(lines);
        lines.start();
        open.add(() -> log.detachAppender(lines));
        write(0, 40);
        StreamBoard one = board(ONE);
        StreamBoard same = board(ONE);

        eventually()
                .untilAsserted(
                        () -> {
                            assertThat(one.unreachable()).hasSize(PARTITIONS / 2);
                            assertThat(same.unreachable())
                                    .hasSize(PARTITIONS / 2)
                                    .doesNotContainAnyElementsOf(one.unreachable());
                            assertThat(List.copyOf(lines.list))
                                    .extracting(ILoggingEvent::getFormattedMessage)
                                    .hasSize(2)
                                    .allMatch(line -> line.contains("http.advertised-host"));
                        });

        same.close();

        eventually().untilAsserted(() -> assertThat(rows(one)).hasSize(40));
        assertThat(one.unreachable()).isEmpty();
    }

    @Test
    void readsBackWhatItKnewAndWhatItHasMissed() throws Exception {
        write(0, 20);
        StreamBoard first = board(ONE);
        eventually().untilAsserted(() -> assertThat(rows(first)).hasSize(20));
        List<JobRow> before = rows(first);
        first.close();
        abortSomething();

        StreamBoard second = board(ONE);
        eventually().untilAsserted(() -> assertThat(rows(second)).isEqualTo(before));
        write(20, 30);

        eventually().untilAsserted(() -> assertThat(rows(second)).hasSize(30));
        assertThat(settled(second)).isEqualTo(30);
        assertThat(second.jobs()).isEqualTo(30);
        assertThat(second.behindRecords()).isZero();
    }

    @Test
    void isNotReadyWhileItIsFarBehind() throws Exception {
        AtomicBoolean isSlow = new AtomicBoolean();
        Semaphore allowed = new Semaphore(0);
        RecordForm slow =
                new RecordForm(
                        (bytes, before) -> {
                            if (isSlow.get()) {
                                allowed.acquireUninterruptibly();
                            }
                            return Records.decode(bytes, before);
                        },
                        Records::encodeJob,
                        Records::encode);
        write(0, 10);
        StreamBoard board = board(ONE, settings, slow);
        eventually().untilAsserted(() -> assertThat(rows(board)).hasSize(10));

        isSlow.set(true);
        send(Collections.nCopies(12_000, Way.waiting("late", now).last()));

        eventually()
                .untilAsserted(
                        () -> {
                            allowed.release(100);
                            assertThat(board.state())
                                    .isInstanceOfSatisfying(
                                            Board.State.Restoring.class,
                                            state ->
                                                    assertThat(state.behindRecords())
                                                            .isBetween(10_000L, 12_100L));
                        });
        isSlow.set(false);
        allowed.release(12_000);
        eventually().untilAsserted(() -> assertThat(board.behindRecords()).isZero());
        assertThat(rows(board)).hasSize(11);
    }

    @Test
    void startsAnewWhenTheJournalComesLate() throws Exception {
        Topics topics = Topics.prefixed("late.");
        KafkaSettings late = KafkaSettings.of(broker.bootstrapServers(), "late-test").with(topics);
        StreamBoard board = board(ONE, late);
        eventually()
                .untilAsserted(
                        () -> assertThat(board.state()).isInstanceOf(Board.State.Failed.class));

        try (Admin admin = Admin.create(new ClientProperties(late).admin())) {
            new TopicSetup(late, admin).create(1, Optional.empty());
        }

        eventually()
                .untilAsserted(
                        () -> assertThat(board.state()).isInstanceOf(Board.State.Ready.class));
    }

    @Test
    void tellsListenersOfEveryChange() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        JournalTail tail = tail();
        write(0, 1);
        awaitReadable();
        Changes.Listening listening = tail.listen(teller(told));
        eventually().untilAsserted(() -> assertThat(told).containsExactly("missed"));

        send(Way.waiting("new", now).launch().records());
        write("new", null);

        eventually()
                .untilAsserted(
                        () ->
                                assertThat(told)
                                        .containsExactly(
                                                "missed",
                                                "new waiting",
                                                "new launching",
                                                "new gone"));
        listening.close();
        send(Way.waiting("later", now).records());
        Changes.Listening again = tail.listen(teller(told));
        eventually().untilAsserted(() -> assertThat(told).hasSize(5).endsWith("missed"));
        again.close();
    }

    @Test
    void saysThatItDoesNotKnowHowThingsAreWhileKafkaIsAway() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        JournalTail tail = tail();
        write(0, 10);
        awaitReadable();
        StreamBoard board = board(ONE);
        tail.listen(teller(told));
        eventually()
                .untilAsserted(
                        () -> {
                            assertThat(rows(board)).hasSize(10);
                            assertThat(told).containsExactly("missed");
                        });

        broker.close();

        eventually()
                .untilAsserted(
                        () -> {
                            assertThat(board.state())
                                    .isEqualTo(new Board.State.Failed("Kafka does not answer"));
                            assertThat(told).contains("stale");
                        });
        broker = start(broker.port());
        eventually().untilAsserted(() -> assertThat(rows(board)).hasSize(10));
        eventually().untilAsserted(() -> assertThat(told).endsWith("missed"));
    }

    private JournalTail tail() {
        JournalTail tail =
                new JournalTail(
                        new ClientProperties(settings).tail(),
                        settings.topics().journal(),
                        FORM,
                        scheduler,
                        new Random(1));
        open.add(tail);
        return tail;
    }

    private static Changes.Listener teller(List<String> told) {
        return new Changes.Listener() {
            @Override
            public void changed(JobRow row) {
                told.add(row.id() + " " + row.stage().word());
            }

            @Override
            public void gone(JobId id) {
                told.add(id + " gone");
            }

            @Override
            public void missed() {
                told.add("missed");
            }

            @Override
            public void stale(Instant since) {
                told.add("stale");
            }
        };
    }

    private StreamBoard board(Peer own) {
        return board(own, settings);
    }

    private StreamBoard board(Peer own, KafkaSettings kafka) {
        return board(own, kafka, FORM);
    }

    private StreamBoard board(Peer own, KafkaSettings kafka, RecordForm form) {
        StreamBoard board =
                StreamBoard.start(
                        new ClientProperties(kafka).every(),
                        kafka.group(),
                        kafka.topics().journal(),
                        own,
                        new BoardSettings(true, 1_000, ByteSize.ofMiB(8), Duration.ofHours(1), -1),
                        form,
                        scheduler,
                        new Random(1));
        open.add(board);
        return board;
    }

    private static Contents contents(Board board) {
        assertThat(board.state()).isInstanceOf(Board.State.Ready.class);
        return ((Board.State.Ready) board.state()).contents();
    }

    private static List<JobRow> rows(Board board) {
        return contents(board).jobs(JobFilter.newest(500)).rows();
    }

    private static long settled(Board board) {
        return contents(board)
                .statistics(Duration.ofHours(1), Duration.ofMinutes(1))
                .windows()
                .stream()
                .mapToLong(window -> window.settled().getOrDefault(Outcome.SUCCEEDED, 0L))
                .sum();
    }

    private List<String> write(int from, int to) throws Exception {
        List<String> ids = new ArrayList<>();
        producer.beginTransaction();
        for (int i = from; i < to; i++) {
            ids.add("job-" + i);
            for (JobRecord record : Way.whole("job-" + i, "default", now.plusMillis(i)).records()) {
                send(message(record.id().value(), Records.encode(record)));
            }
        }
        producer.commitTransaction();
        return ids;
    }

    /** What was committed can be read only a moment later, when each partition's leader knows. */
    private void awaitReadable() {
        try (Admin admin = Admin.create(new ClientProperties(settings).admin())) {
            eventually()
                    .untilAsserted(
                            () ->
                                    assertThat(ends(admin, IsolationLevel.READ_COMMITTED))
                                            .isEqualTo(
                                                    ends(admin, IsolationLevel.READ_UNCOMMITTED)));
        }
    }

    private List<Long> ends(Admin admin, IsolationLevel isolation) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int i = 0; i < PARTITIONS; i++) {
            latest.put(new TopicPartition(settings.topics().journal(), i), OffsetSpec.latest());
        }
        var answer = admin.listOffsets(latest, new ListOffsetsOptions(isolation));
        List<Long> ends = new ArrayList<>();
        for (TopicPartition partition : latest.keySet()) {
            ends.add(answer.partitionResult(partition).get().offset());
        }
        return ends;
    }

    private void send(List<JobRecord> records) {
        producer.beginTransaction();
        records.forEach(record -> send(message(record.id().value(), Records.encode(record))));
        producer.commitTransaction();
    }

    private void write(String id, byte @Nullable [] value) {
        producer.beginTransaction();
        send(message(id, value));
        producer.commitTransaction();
    }

    /** Whether it arrived is told by the transaction it is in. */
    private void send(ProducerRecord<byte[], byte[]> message) {
        var _ = producer.send(message);
    }

    /** Offsets that no reader of committed transactions ever sees. */
    private void abortSomething() {
        producer.beginTransaction();
        for (int i = 0; i < 20; i++) {
            send(message("aborted-" + i, new byte[10]));
        }
        producer.flush();
        producer.abortTransaction();
    }

    private ProducerRecord<byte[], byte[]> message(String id, byte @Nullable [] value) {
        return new ProducerRecord<>(settings.topics().journal(), id.getBytes(UTF_8), value);
    }

    private KafkaProducer<byte[], byte[]> producer(String name) {
        Map<String, Object> properties = new ClientProperties(settings).producer();
        properties.put("transactional.id", name);
        var made =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
        open.add(() -> made.close(Duration.ofSeconds(1)));
        made.initTransactions();
        return made;
    }

    private static ConditionFactory eventually() {
        return await().atMost(60, TimeUnit.SECONDS).pollInterval(Duration.ofMillis(200));
    }
}
