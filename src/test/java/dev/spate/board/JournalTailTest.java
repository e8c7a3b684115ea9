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
import java.util.Collection;
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
    private static final Duration GIVES_UP_AFTER = Duration.ofSeconds(15);

    private final FakeScheduler scheduler = new FakeScheduler(1);
    private final Deque<Supplier<Consumer<byte[], byte[]>>> consumers = new ArrayDeque<>();
    private int opened;
    private boolean isAway;
    private final JournalTail tail =
            new JournalTail(
                    this::open,
                    "journal",
                    new RecordForm(Records::decode, Records::encodeJob, Records::encode),
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
        consumers.add(this::consumer);
        Heard heard = new Heard();
        tail.listen(heard);
        scheduler.advance(MINUTE);
        assertThat(heard.stale).isEmpty();

        Instant away = scheduler.now();
        isAway = true;
        scheduler.runUntil(() -> heard.stale.isPresent(), Duration.ofSeconds(40));

        assertThat(heard.stale.orElseThrow()).isBetween(away.minusSeconds(11), away);
        isAway = false;
        scheduler.runUntil(() -> heard.stale.isEmpty(), Duration.ofSeconds(11));
        assertThat(opened).isEqualTo(1);
    }

    @Test
    void takesAnAnswerThatIsMissingForNothing() {
        consumers.add(this::consumer);
        Heard heard = new Heard();
        tail.listen(heard);
        scheduler.advance(MINUTE);

        isAway = true;
        scheduler.advance(Duration.ofSeconds(15));
        isAway = false;
        scheduler.advance(MINUTE);

        assertThat(heard.told).containsExactly("missed");
        assertThat(opened).isEqualTo(1);
    }

    @Test
    void isNotSilentWhileRecordsCome() {
        MockConsumer<byte[], byte[]> busy = consumer();
        consumers.add(() -> busy);
        Heard heard = new Heard();
        tail.listen(heard);
        scheduler.advance(MINUTE);

        isAway = true;
        for (int i = 0; i < 6; i++) {
            int offset = i;
            busy.schedulePollTask(() -> busy.addRecord(record("a", offset)));
            scheduler.advance(Duration.ofSeconds(20));
        }

        assertThat(heard.told).doesNotContain("stale");
    }

    @Test
    void saysSinceWhenItWasMadeIfKafkaIsAwayFromTheBeginning() {
        Instant made = scheduler.now();
        scheduler.advance(MINUTE);
        isAway = true;
        consumers.add(this::consumer);
        Heard heard = new Heard();

        tail.listen(heard);
        scheduler.advance(GIVES_UP_AFTER);

        assertThat(heard.told).containsExactly("stale");
        assertThat(heard.stale).contains(made);
    }

    @Test
    void remembersWhenItHeardThoughNobodyListenedMeanwhile() {
        consumers.add(this::consumer);
        consumers.add(this::consumer);
        Changes.Listening before = tail.listen(new Heard());
        scheduler.advance(MINUTE);
        Instant left = scheduler.now();
        before.close();
        isAway = true;
        scheduler.advance(MINUTE);

        Heard second = new Heard();
        Changes.Listening listening = tail.listen(second);
        scheduler.advance(GIVES_UP_AFTER);
        listening.close();
        Heard third = new Heard();
        tail.listen(third);
        scheduler.advance(Duration.ZERO);

        assertThat(second.stale.orElseThrow()).isBetween(left.minusSeconds(11), left);
        assertThat(third.stale).isEqualTo(second.stale);
    }

    @Test
    void endsWithItsLastListenerThoughItsConsumerDoesNotCloseWell() {
        consumers.add(
                () ->
                        new Paced() {
                            @Override
                            public void close() {
                                super.close();
                                throw new KafkaException("did not close");
                            }
                        });
        Changes.Listening listening = tail.listen(new Heard());
        scheduler.advance(MINUTE);

        listening.close();
        scheduler.advance(MINUTE);

        assertThat(opened).isEqualTo(1);
        assertThat(scheduler.waiting()).isEmpty();
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

    private MockConsumer<byte[], byte[]> consumer() {
        return new Paced();
    }

    /** Its polls take as long as they may; else the reading would run in circles. */
    private class Paced extends MockConsumer<byte[], byte[]> {

        Paced() {
            super("latest");
            updatePartitions("journal", List.of(new PartitionInfo("journal", 0, null, null, null)));
            updateEndOffsets(Map.of(PARTITION, 0L));
        }

        @Override
        // Sleeping with the monitor would keep the test out, which never wakes it then.
        @SuppressWarnings("UnsynchronizedOverridesSynchronized")
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            pass(timeout);
            return super.poll(timeout);
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized")
        public List<PartitionInfo> partitionsFor(String topic) {
            answer(GIVES_UP_AFTER);
            return super.partitionsFor(topic);
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized")
        public Map<TopicPartition, Long> endOffsets(
                Collection<TopicPartition> partitions, Duration timeout) {
            answer(timeout);
            return super.endOffsets(partitions);
        }

        private void answer(Duration timeout) {
            if (isAway) {
                pass(timeout);
                throw new TimeoutException("away");
            }
        }

        private void pass(Duration time) {
            try {
                scheduler.sleep(time);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private ConsumerRecord<byte[], byte[]> record(String id) {
        return record(id, 0);
    }

    private ConsumerRecord<byte[], byte[]> record(String id, long offset) {
        return new ConsumerRecord<>(
                "journal",
                0,
                offset,
                id.getBytes(UTF_8),
                Records.encode(Way.waiting(id, scheduler.now()).last()));
    }

    private static final class Heard implements Changes.Listener {
        private final List<JobRow> changed = new ArrayList<>();
        private final List<String> told = new ArrayList<>();
        private Optional<Instant> stale = Optional.empty();

        @Override
        public void changed(JobRow row) {
            changed.add(row);
        }

        @Override
        public void gone(JobId id) {}

        @Override
        public void missed() {
            told.add("missed");
            stale = Optional.empty();
        }

        @Override
        public void stale(Instant since) {
            told.add("stale");
            stale = Optional.of(since);
        }
    }
}
