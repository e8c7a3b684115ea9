package dev.spate.board;

import dev.spate.async.Backoff;
import dev.spate.async.Deadline;
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
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what comes to the journals of all shards, for as long as somebody listens: one consumer for
 * all listeners, and none while there are none. Safe for any thread.
 *
 * <p>Listeners are told {@link Listener#missed} whenever the reading begins, for the first time or
 * anew: what came before is told to nobody. When Kafka is away they know within some forty seconds;
 * at once if that was known when the last reading ended, and as soon as a consumer gives up if it
 * is away when the reading begins.
 */
public final class JournalTail implements Changes, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(JournalTail.class);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Backoff BACKOFF =
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 2, 0.2);

    /** Polling never fails, however long the brokers are away; asking for the end does. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(3);

    /** A broker that starts anew may leave a question or two without an answer. */
    private static final Duration SILENT_AFTER = Duration.ofSeconds(30);

    /** Whoever was well for so long begins with short pauses again. */
    private static final Duration WELL_AFTER = Duration.ofMinutes(1);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final String journal;
    private final RecordForm form;
    private final Scheduler scheduler;
    private final RandomGenerator random;

    // Of no reading: how things are with Kafka does not depend on who listens.
    private volatile Instant heardAt;
    private volatile boolean isSilent;

    // Guarded by this.
    private @Nullable Reading reading;

    /**
     * @param reader what a consumer is told that is in no group, sees what is committed, and gives
     *     up after seconds
     * @param journal the journal's topic
     */
    public JournalTail(
            Map<String, Object> reader,
            String journal,
            RecordForm form,
            Scheduler scheduler,
            RandomGenerator random) {
        this(() -> consumer(reader), journal, form, scheduler, random);
    }

    JournalTail(
            Supplier<Consumer<byte[], byte[]>> consumers,
            String journal,
            RecordForm form,
            Scheduler scheduler,
            RandomGenerator random) {
        this.consumers = consumers;
        this.journal = journal;
        this.form = form;
        this.scheduler = scheduler;
        this.random = random;
        this.heardAt = scheduler.now();
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> reader) {
        return new KafkaConsumer<>(
                reader, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public synchronized Listening listen(Listener listener) {
        Added added = new Added(listener);
        if (reading == null) {
            reading = new Reading(added);
        } else {
            reading.listeners.add(added);
        }
        Reading joined = reading;
        return () -> end(joined, added);
    }

    private synchronized void end(Reading joined, Added listener) {
        joined.listeners.remove(listener);
        if (joined.listeners.isEmpty() && joined == reading) {
            close();
        }
    }

    /** Nobody listens any more. Does not block. */
    @Override
    public synchronized void close() {
        if (reading != null) {
            reading.listeners.clear();
            reading.task.cancel();
            reading = null;
        }
    }

    /**
     * From the first listener to the last. One that ends may overlap with the next one's beginning;
     * it has nobody left to tell.
     */
    private final class Reading {

        private final List<Added> listeners = new CopyOnWriteArrayList<>();
        private final Scheduler.Task<Void> task;

        // Of the task alone.
        private Deadline silentAfter = Deadline.NEVER;
        private boolean wasInterrupted;

        Reading(Added first) {
            listeners.add(first);
            task = scheduler.start("journal-tail", this::read);
        }

        private Void read() throws InterruptedException {
            int failures = 0;
            if (isSilent) {
                silent();
            }
            while (!wasInterrupted) {
                Deadline wellAfter = Deadline.after(scheduler, WELL_AFTER);
                try (var consumer = consumers.get()) {
                    follow(consumer);
                } catch (RuntimeException failure) {
                    if (wasInterrupted) {
                        log.debug("A consumer of the journal did not close well", failure);
                        break;
                    }
                    failures = wellAfter.hasPassed(scheduler) ? 1 : failures + 1;
                    log.warn(
                            "The journal cannot be followed, and is tried anew: {}",
                            Text.oneLine(failure.toString()));
                    silent();
                    scheduler.sleep(BACKOFF.delay(failures, random));
                }
            }
            throw new InterruptedException();
        }

        /** Returns when interrupted, and only remembers that: a consumer closes better so. */
        private void follow(Consumer<byte[], byte[]> consumer) {
            try {
                seekToEnd(consumer);
                begin();
                heard();
                Deadline nextLook = Deadline.after(scheduler, LOOK_EVERY);
                while (!Thread.interrupted()) {
                    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                    if (!records.isEmpty()) {
                        heard();
                        records.forEach(this::take);
                    }
                    if (nextLook.hasPassed(scheduler)) {
                        nextLook = Deadline.after(scheduler, LOOK_EVERY);
                        look(consumer);
                    }
                }
            } catch (InterruptException interrupted) {
                var _ = Thread.interrupted();
            }
            wasInterrupted = true;
        }

        private void look(Consumer<byte[], byte[]> consumer) {
            try {
                consumer.endOffsets(consumer.assignment(), LOOK_TIMEOUT);
                heard();
            } catch (RetriableException away) {
                if (silentAfter.hasPassed(scheduler)) {
                    silent();
                }
            }
        }

        private void heard() {
            heardAt = scheduler.now();
            silentAfter = Deadline.after(scheduler, SILENT_AFTER);
            if (isSilent) {
                begin();
            }
        }

        private void begin() {
            isSilent = false;
            tell(Listener::missed);
        }

        private void silent() {
            isSilent = true;
            tell(listener -> listener.stale(heardAt));
        }

        private void seekToEnd(Consumer<byte[], byte[]> consumer) {
            var found = consumer.partitionsFor(journal);
            if (found == null || found.isEmpty()) {
                throw new KafkaException("there is no topic " + journal);
            }
            List<TopicPartition> partitions =
                    found.stream()
                            .map(info -> new TopicPartition(journal, info.partition()))
                            .toList();
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
                JobRecord decoded = form.decode(value);
                row = JobRow.of(decoded, Instant.ofEpochMilli(record.timestamp()));
            } catch (IllegalArgumentException unreadable) {
                // The board tells of these.
                return;
            }
            tell(listener -> listener.changed(row));
        }

        private void tell(java.util.function.Consumer<Listener> what) {
            for (Added each : listeners) {
                try {
                    what.accept(each.listener);
                } catch (RuntimeException bug) {
                    log.error("A listener stumbled", bug);
                }
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
