package dev.spate.board;

import dev.spate.async.Backoff;
import dev.spate.async.Scheduler;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what comes to the journals of all shards, for as long as somebody listens: one consumer for
 * all listeners, and none while there are none. Safe for any thread.
 *
 * <p>Listeners are told {@link Listener#missed} whenever the reading begins, for the first time or
 * anew: what came before is told to nobody.
 */
public final class JournalTail implements Changes, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(JournalTail.class);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Backoff BACKOFF =
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 2, 0.2);

    private final Map<String, Object> reader;
    private final String journal;
    private final RecordForm form;
    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final List<Added> listeners = new CopyOnWriteArrayList<>();

    // Guarded by this.
    private Scheduler.@Nullable Task<Void> task;

    /**
     * @param reader what a consumer is told that is in no group and sees what is committed
     * @param journal the journal's topic
     */
    public JournalTail(
            Map<String, Object> reader,
            String journal,
            RecordForm form,
            Scheduler scheduler,
            RandomGenerator random) {
        this.reader = Map.copyOf(reader);
        this.journal = journal;
        this.form = form;
        this.scheduler = scheduler;
        this.random = random;
    }

    @Override
    public synchronized Listening listen(Listener listener) {
        Added added = new Added(listener);
        listeners.add(added);
        if (task == null) {
            task = scheduler.start("journal-tail", this::read);
        }
        return () -> end(added);
    }

    private synchronized void end(Added listener) {
        listeners.remove(listener);
        if (listeners.isEmpty()) {
            close();
        }
    }

    /** Nobody listens any more. Does not block. */
    @Override
    public synchronized void close() {
        listeners.clear();
        if (task != null) {
            task.cancel();
            task = null;
        }
    }

    private Void read() throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try (var consumer =
                    new KafkaConsumer<>(
                            reader, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                follow(consumer);
                break;
            } catch (KafkaException failure) {
                log.warn(
                        "The journal cannot be followed, and is tried anew: {}",
                        Text.oneLine(failure.toString()));
                tell(Listener::missed);
                scheduler.sleep(BACKOFF.delay(failures, random));
            }
        }
        throw new InterruptedException();
    }

    /** Returns when interrupted, with that forgotten: a consumer closes better so. */
    private void follow(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            seekToEnd(consumer);
            tell(Listener::missed);
            while (!Thread.interrupted()) {
                consumer.poll(POLL).forEach(this::take);
            }
        } catch (InterruptException interrupted) {
            var _ = Thread.interrupted();
        }
    }

    private void seekToEnd(KafkaConsumer<byte[], byte[]> consumer) {
        var found = consumer.partitionsFor(journal);
        if (found == null || found.isEmpty()) {
            throw new KafkaException("there is no topic " + journal);
        }
        List<TopicPartition> partitions =
                found.stream().map(info -> new TopicPartition(journal, info.partition())).toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // Seeking is put off until somebody asks.
        partitions.forEach(consumer::position);
    }

    private void take(ConsumerRecord<byte[], byte @Nullable []> record) {
        Optional<JobId> id = Keys.id(record.key());
        if (id.isEmpty()) {
            return;
        }
        byte[] value = record.value();
        if (value == null) {
            tell(listener -> listener.gone(id.get()));
            return;
        }
        JobRow row;
        try {
            JobRecord decoded = form.decode().apply(value);
            row = JobRow.of(decoded, Instant.ofEpochMilli(record.timestamp()));
        } catch (IllegalArgumentException unreadable) {
            // The board tells of these.
            return;
        }
        tell(listener -> listener.changed(row));
    }

    private void tell(Consumer<Listener> what) {
        for (Added each : listeners) {
            try {
                what.accept(each.listener);
            } catch (RuntimeException bug) {
                log.error("A listener stumbled", bug);
            }
        }
    }

    /** The same listener may listen twice: not a record, which would equal the other. */
    private static final class Added {
        private final Listener listener;

        Added(Listener listener) {
            this.listener = listener;
        }
    }
}
