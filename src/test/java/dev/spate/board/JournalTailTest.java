package dev.spate.board;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.FakeScheduler;
import dev.spate.job.JobId;
import dev.spate.kafka.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With Kafka's own consumer for tests, whose polls end when the test says. */
final class JournalTailTest {

    private static final TopicPartition PARTITION = new TopicPartition("journal", 0);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FakeScheduler scheduler = new FakeScheduler(1);
    private final Deque<Supplier<Consumer<byte[], byte[]>>> consumers = new ArrayDeque<>();
    private int opened;
    private final JournalTail tail =
            new JournalTail(
                    this::open,
                    "journal",
                    new RecordForm(Records::decode, Records::encode),
                    scheduler,
                    new Random(1));

    @AfterEach
    void close() {
        tail.close();
        scheduler.runUntilQuiet();
    }

    @Test
    void goesOnWhateverFails() {
        for (int i = 0; i < 3; i++) {
            consumers.add(JournalTailTest::fail);
        }
        MockConsumer<byte[], byte[]> well = consumer();
        consumers.add(() -> well);
        Heard heard = new Heard();
        tail.listen(heard);
        scheduler.runUntil(consumers::isEmpty, MINUTE);

        well.schedulePollTask(() -> well.addRecord(record("a")));
        scheduler.advance(Duration.ofSeconds(1));

        assertThat(heard.changed).hasSize(1);
    }

    @Test
    void saysSinceWhenItHearsNothingUntilItDoesAgain() {
        MockConsumer<byte[], byte[]> silent = consumer();
        MockConsumer<byte[], byte[]> well = consumer();
        consumers.add(() -> silent);
        consumers.add(JournalTailTest::fail);
        consumers.add(() -> well);
        Heard heard = new Heard();
        tail.listen(heard);
        scheduler.advance(MINUTE);
        assertThat(heard.stale).isEmpty();

        Instant away = scheduler.now();
        silent.setOffsetsException(new TimeoutException("away"));
        scheduler.runUntil(silent::closed, Duration.ofSeconds(15));

        assertThat(heard.stale)
                .hasValueSatisfying(since -> assertThat(since).isBeforeOrEqualTo(away));
        scheduler.runUntil(() -> heard.stale.isEmpty(), MINUTE);
        assertThat(opened).isEqualTo(3);
    }

    @Test
    void beginsWithAShortPauseAgainWhenItWasWell() {
        for (int i = 0; i < 8; i++) {
            consumers.add(JournalTailTest::fail);
        }
        MockConsumer<byte[], byte[]> well = consumer();
        consumers.add(() -> well);
        tail.listen(new Heard());
        scheduler.runUntil(consumers::isEmpty, Duration.ofHours(1));
        scheduler.advance(MINUTE.multipliedBy(2));

        well.setPollException(new KafkaException("gone"));
        scheduler.advance(Duration.ofSeconds(3));

        assertThat(opened).isGreaterThanOrEqualTo(10);
    }

    @Test
    void tellsNobodyOfWhatAnEndedReadingStillReads() {
        MockConsumer<byte[], byte[]> ended = consumer();
        consumers.add(() -> ended);
        Heard first = new Heard();
        Heard second = new Heard();
        Changes.Listening listening = tail.listen(first);
        scheduler.advance(Duration.ofSeconds(1));

        ended.schedulePollTask(
                () -> {
                    listening.close();
                    tail.listen(second);
                    ended.addRecord(record("a"));
                });
        scheduler.advance(Duration.ofSeconds(1));

        assertThat(ended.closed()).isTrue();
        assertThat(first.changed).isEmpty();
        assertThat(second.changed).isEmpty();
    }

    private Consumer<byte[], byte[]> open() {
        opened++;
        Supplier<Consumer<byte[], byte[]>> next = consumers.poll();
        return next == null ? fail() : next.get();
    }

    private static Consumer<byte[], byte[]> fail() {
        throw new IllegalStateException("no consumer");
    }

    /** Its polls take as long as they may; else the reading would run in circles. */
    private MockConsumer<byte[], byte[]> consumer() {
        MockConsumer<byte[], byte[]> consumer =
                new MockConsumer<>("latest") {
                    @Override
                    // Sleeping with the monitor would keep the test out, which never wakes it then.
                    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
                    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                        try {
                            scheduler.sleep(timeout);
                        } catch (InterruptedException interrupted) {
                            Thread.currentThread().interrupt();
                        }
                        return super.poll(timeout);
                    }
                };
        consumer.updatePartitions(
                "journal", List.of(new PartitionInfo("journal", 0, null, null, null)));
        consumer.updateEndOffsets(Map.of(PARTITION, 0L));
        return consumer;
    }

    private ConsumerRecord<byte[], byte[]> record(String id) {
        return new ConsumerRecord<>(
                "journal",
                0,
                0,
                id.getBytes(UTF_8),
                Records.encode(Way.waiting(id, scheduler.now()).last()));
    }

    private static final class Heard implements Changes.Listener {
        private final List<JobRow> changed = new ArrayList<>();
        private Optional<Instant> stale = Optional.empty();

        @Override
        public void changed(JobRow row) {
            changed.add(row);
        }

        @Override
        public void gone(JobId id) {}

        @Override
        public void missed() {
            stale = Optional.empty();
        }

        @Override
        public void stale(Instant since) {
            stale = Optional.of(since);
        }
    }
}
