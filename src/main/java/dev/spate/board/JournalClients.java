package dev.spate.board;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** Makes the clients of the board's stream; the one that reads the journal tells how far it is. */
final class JournalClients implements KafkaClientSupplier {

    private final Progress progress;
    private final Scheduler scheduler;

    JournalClients(Progress progress, Scheduler scheduler) {
        this.progress = progress;
        this.scheduler = scheduler;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new JournalConsumer(config, progress, scheduler);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return plain(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return plain(config);
    }

    private static Consumer<byte[], byte[]> plain(Map<String, Object> config) {
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Only the consumer itself knows its place: markers of transactions and what was aborted take
     * offsets, but never come as records.
     */
    private static final class JournalConsumer extends KafkaConsumer<byte[], byte[]> {

        private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
        private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(2);
        private static final Duration STALE_AFTER = Duration.ofSeconds(30);

        private final Progress progress;
        private final Scheduler scheduler;
        private Deadline nextLook;

        JournalConsumer(Map<String, Object> config, Progress progress, Scheduler scheduler) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.progress = progress;
            this.scheduler = scheduler;
            this.nextLook = Deadline.after(scheduler, Duration.ZERO);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
            Set<TopicPartition> assigned = assignment();
            progress.assigned(
                    assigned.stream().map(TopicPartition::partition).collect(Collectors.toSet()));
            for (TopicPartition partition : assigned) {
                OptionalLong lag = currentLag(partition);
                var fetched = records.records(partition);
                progress.fetched(
                        partition.partition(),
                        lag.orElse(-1),
                        fetched.isEmpty() ? -1 : fetched.getFirst().offset(),
                        fetched.isEmpty() ? -1 : fetched.getLast().offset());
            }
            if (!records.isEmpty()) {
                progress.heard(Deadline.after(scheduler, STALE_AFTER));
            }
            look(assigned);
            return records;
        }

        /** Whoever reads nothing is in touch with Kafka all the same. */
        private Set<TopicPartition> anyOfTheJournal() {
            return subscription().stream()
                    .map(topic -> new TopicPartition(topic, 0))
                    .collect(Collectors.toSet());
        }

        /** Of a topic that was just asked about it is known without asking. */
        private int journalSize() {
            return subscription().stream()
                    .mapToInt(topic -> partitionsFor(topic, LOOK_TIMEOUT).size())
                    .sum();
        }

        /** Polling never fails, however long the brokers are away; asking for the end does. */
        private void look(Set<TopicPartition> assigned) {
            if (!nextLook.hasPassed(scheduler)) {
                return;
            }
            nextLook = Deadline.after(scheduler, LOOK_EVERY);
            // Nothing is asked about no partitions.
            Set<TopicPartition> asked = assigned.isEmpty() ? anyOfTheJournal() : assigned;
            if (asked.isEmpty()) {
                return;
            }
            try {
                endOffsets(asked, LOOK_TIMEOUT);
                progress.heard(Deadline.after(scheduler, STALE_AFTER));
                progress.sized(journalSize());
            } catch (RetriableException away) {
                // It is noticed when too much time has passed.
            }
        }
    }
}
