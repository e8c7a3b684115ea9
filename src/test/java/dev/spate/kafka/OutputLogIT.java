package dev.spate.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.spate.async.Scheduler;
import dev.spate.engine.EngineEvents;
import dev.spate.engine.OutputLog;
import dev.spate.job.JobId;
import dev.spate.job.Member;
import dev.spate.job.RoleName;
import dev.spate.job.StreamName;
import dev.spate.job.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Output on its topic, on a real broker. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class OutputLogIT {

    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final Trace TRACE = new Trace(Optional.of(PARENT), Optional.of("a=b"));
    private static final JobId JOB = new JobId("bench-42");

    @TempDir private static Path data;
    private static KafkaFixture kafka;

    private final AtomicLong published = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    @BeforeAll
    static void start() throws Exception {
        kafka = new KafkaFixture(data);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void publishesBytesWithWhatTellsWhereTheyBelong() throws Exception {
        KafkaSettings settings = kafka.fresh(3);
        try (KafkaOutputLog log = log(settings)) {
            publish(log, source(JOB, 4, 2, StreamName.STDERR), 7, "héllo");
            flush(log);
        }

        ConsumerRecord<byte[], byte[]> record =
                kafka.committed(settings, settings.topics().logs()).getFirst();
        assertThat(record.partition()).isEqualTo(1);
        assertThat(record.key()).asString(UTF_8).isEqualTo("bench-42/main-0");
        assertThat(record.value()).asString(UTF_8).isEqualTo("héllo");
        Map<String, String> headers = new TreeMap<>();
        record.headers().forEach(h -> headers.put(h.key(), new String(h.value(), UTF_8)));
        assertThat(headers)
                .isEqualTo(
                        Map.of(
                                "spate-attempt", "2",
                                "spate-stream", "stderr",
                                "spate-offset", "7",
                                "traceparent", PARENT,
                                "tracestate", "a=b"));
        assertThat(published).hasValue(6);
    }

    @Test
    void aReaderSeesEachByteOnceThoughTwoWorkersPublishIt() throws Exception {
        KafkaSettings settings = kafka.fresh(2);
        OutputLog.Source source = source(JOB, 1, 1, StreamName.STDOUT);
        try (KafkaOutputLog first = log(settings);
                KafkaOutputLog second = log(settings)) {
            publish(first, source, 0, "abc");
            flush(first);
            publish(second, source, 0, "abcdef");
            publish(second, source(new JobId("bench-421"), 1, 1, StreamName.STDOUT), 0, "other");
            flush(second);
            publish(first, source, 3, "d");
            flush(first);
            publish(second, source, 6, "g");
            second.capped(source, 7);
            flush(second);
        }

        assertThat(readAll(settings, OptionalInt.of(1)))
                .containsExactly("stdout@0 abc", "stdout@3 def", "stdout@6 g", "stdout@7 capped");
        assertThat(readAll(settings, OptionalInt.empty()))
                .containsExactly("stdout@0 abc", "stdout@3 def", "stdout@6 g", "stdout@7 capped");
    }

    @Test
    void joinsWhatFollowsOnItself() throws Exception {
        KafkaSettings settings = kafka.fresh(1);
        OutputLog.Source source = source(JOB, 0, 1, StreamName.STDOUT);
        try (KafkaOutputLog log = log(settings)) {
            for (int i = 0; i < 1_000; i++) {
                publish(log, source, i, "x");
            }
            flush(log);
        }

        assertThat(kafka.committed(settings, settings.topics().logs())).hasSizeLessThan(20);
        assertThat(readAll(settings, OptionalInt.of(0))).last().asString().endsWith("x");
        assertThat(published).hasValue(1_000);
    }

    @Test
    void aReaderFollowsWhatComes() throws Exception {
        KafkaSettings settings = kafka.fresh(1);
        OutputLog.Source source = source(JOB, 0, 1, StreamName.STDOUT);
        try (KafkaOutputLog log = log(settings);
                LogReader reader =
                        new LogReader(
                                settings,
                                JOB,
                                OptionalInt.of(0),
                                kafka.scheduler.now(),
                                kafka.scheduler)) {
            assertThat(reader.next(Duration.ofMillis(50))).isEmpty();
            for (int i = 0; i < 3; i++) {
                // Nobody asks for it to be sent.
                publish(log, source, i, "x");
                List<LogPiece> pieces = new ArrayList<>();
                await().until(() -> pieces.addAll(reader.next(Duration.ofMillis(100))));
                assertThat(pieces).hasSize(1);
            }
            reader.untilNow();
            assertThat(reader.isAtEnd()).isTrue();
        }
    }

    @Test
    void aReaderCanBeInterrupted() throws Exception {
        KafkaSettings settings = kafka.fresh(1);
        try (LogReader reader =
                new LogReader(settings, JOB, OptionalInt.of(0), Instant.EPOCH, kafka.scheduler)) {
            Scheduler.Task<List<LogPiece>> reading =
                    kafka.scheduler.start("reading", () -> reader.next(Duration.ofMinutes(5)));
            reading.cancel();

            await().until(reading.result()::isDone);
        }
    }

    @Test
    void losesAndCountsWhatCannotBePublishedAndTellsReadersOfTheGap() throws Exception {
        KafkaSettings settings = kafka.fresh(1);
        Topics names = settings.topics();
        KafkaSettings other =
                settings.with(
                        new Topics(
                                names.jobs(),
                                names.journal(),
                                names.results(),
                                names.rejects(),
                                "not-there-yet"));
        OutputLog.Source source = source(JOB, 0, 1, StreamName.STDOUT);
        assertThatThrownBy(
                        () ->
                                new LogReader(
                                                other,
                                                JOB,
                                                OptionalInt.of(0),
                                                Instant.EPOCH,
                                                kafka.scheduler)
                                        .close())
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("not-there-yet");
        try (KafkaOutputLog log = log(other)) {
            publish(log, source, 0, "lost");
            await().atMost(Duration.ofSeconds(30)).until(() -> dropped.get() == 4);
            // Tried again after a while; but nobody waits before something has arrived.
            AtomicLong offset = new AtomicLong(4);
            await().atMost(Duration.ofSeconds(30)).until(() -> takesBytes(log, source, offset));
            assertThat(log.flush()).isCompleted();
            kafka.admin()
                    .createTopics(List.of(new NewTopic("not-there-yet", 1, (short) 1)))
                    .all()
                    .get(10, TimeUnit.SECONDS);
            await().atMost(Duration.ofSeconds(30))
                    .until(
                            () -> {
                                publish(log, source, offset.getAndIncrement(), "x");
                                flush(log);
                                return published.get() > 0;
                            });
        }

        assertThat(readAll(other, OptionalInt.of(0)))
                .first()
                .asString()
                .startsWith("stdout@0 gap to ");
        assertThat(readAll(other, OptionalInt.of(0))).last().asString().endsWith(" x");
    }

    private boolean takesBytes(KafkaOutputLog log, OutputLog.Source source, AtomicLong offset) {
        long before = dropped.get();
        publish(log, source, offset.getAndIncrement(), "x");
        return dropped.get() == before;
    }

    @Test
    void neitherBlocksNorGrowsWhileKafkaIsAway() throws Exception {
        KafkaSettings settings = KafkaSettings.of("127.0.0.1:1", "nobody");
        OutputLog.Source source = source(JOB, 0, 1, StreamName.STDOUT);
        byte[] mebibyte = new byte[1 << 20];
        KafkaOutputLog log = log(settings);
        long begunNanos = kafka.scheduler.nanoTime();
        for (int i = 0; i < 100; i++) {
            log.publish(source, (long) i << 20, mebibyte);
        }

        assertThat(Duration.ofNanos(kafka.scheduler.nanoTime() - begunNanos))
                .isLessThan(Duration.ofSeconds(1));
        // What may wait is not lost yet.
        assertThat(dropped.get()).isGreaterThanOrEqualTo(83L << 20);
        log.close();
        await().atMost(Duration.ofSeconds(20)).until(() -> dropped.get() == 100L << 20);
    }

    private KafkaOutputLog log(KafkaSettings settings) {
        EngineEvents events =
                new EngineEvents() {
                    @Override
                    public void logged(long bytes) {
                        published.addAndGet(bytes);
                    }

                    @Override
                    public void logDropped(long bytes) {
                        dropped.addAndGet(bytes);
                    }
                };
        return new KafkaOutputLog(settings, kafka.scheduler, events, ClientListener.NONE);
    }

    private static OutputLog.Source source(JobId job, int shard, int attempt, StreamName stream) {
        return new OutputLog.Source(
                shard, job, new Member(RoleName.MAIN, 0), attempt, stream, TRACE);
    }

    private static void publish(OutputLog log, OutputLog.Source source, long offset, String text) {
        log.publish(source, offset, text.getBytes(UTF_8));
    }

    private static void flush(OutputLog log) throws Exception {
        log.flush().get(30, TimeUnit.SECONDS);
    }

    private static List<String> readAll(KafkaSettings settings, OptionalInt shard)
            throws Exception {
        List<String> words = new ArrayList<>();
        try (LogReader reader =
                new LogReader(settings, JOB, shard, kafka.scheduler.now(), kafka.scheduler)) {
            reader.untilNow();
            while (!reader.isAtEnd()) {
                reader.next(Duration.ofMillis(200)).forEach(piece -> words.add(words(piece)));
            }
        }
        return words;
    }

    private static String words(LogPiece piece) {
        String stream = piece.stream().word() + "@";
        return switch (piece) {
            case LogPiece.Chunk chunk ->
                    stream + chunk.offset() + " " + new String(chunk.bytes(), UTF_8);
            case LogPiece.Gap gap -> stream + gap.from() + " gap to " + gap.to();
            case LogPiece.Capped capped -> stream + capped.offset() + " capped";
        };
    }
}
