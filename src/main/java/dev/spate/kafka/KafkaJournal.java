package dev.spate.kafka;

import dev.spate.async.Batch;
import dev.spate.async.BatchIterator;
import dev.spate.async.Deadline;
import dev.spate.async.LogContext;
import dev.spate.async.Scheduler;
import dev.spate.engine.Commit;
import dev.spate.engine.Journal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard's journal: commits that come close together become true in one transaction, of the one
 * producer that may change the shard.
 *
 * <p>The first failure, whatever it is, is the last: the client has already tried again whatever
 * could be tried, and after a commit that failed or took too long nobody can know what is true but
 * he who opens the shard anew and reads the journal. Until then nothing more is written.
 */
final class KafkaJournal implements Journal {

    private static final Logger log = LoggerFactory.getLogger(KafkaJournal.class);

    /** Callers wait for their commits, so only a flood of jobs could come near this. */
    private static final int PENDING_MAX = 100_000;

    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    private final int shard;
    private final TopicPartition jobs;
    private final ConsumerGroupMetadata group;
    private final Producer<byte[], byte[]> producer;
    private final Scheduler scheduler;
    private final String topic;
    private final RecordLimit limit;
    private final int cutTo;
    private final Outgoing outgoing;
    private final BatchIterator<Append> appends;
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicReference<@Nullable JournalLost> lost = new AtomicReference<>();

    /** When the latest transaction began that has been committed. */
    private volatile long ownedAtNanos;

    private final CompletableFuture<Void> ended;

    /**
     * @param producer with its transactions initialised; closed with this journal
     * @param ownedAtNanos when the latest transaction of this producer began, on the scheduler's
     *     clock
     * @param limit told if a record that can be cut was too large
     */
    KafkaJournal(
            KafkaSettings settings,
            int shard,
            Producer<byte[], byte[]> producer,
            long ownedAtNanos,
            RecordLimit limit,
            Scheduler scheduler) {
        this.shard = shard;
        this.jobs = new TopicPartition(settings.topics().jobs(), shard);
        this.group = groupAlone(settings.group());
        this.producer = producer;
        this.ownedAtNanos = ownedAtNanos;
        this.scheduler = scheduler;
        this.topic = settings.topics().journal();
        this.limit = limit;
        this.cutTo = limit.bytesMax();
        this.outgoing = new Outgoing(settings.topics(), shard, cutTo);
        this.appends =
                new BatchIterator<>(
                        settings.journal(),
                        Append::bytes,
                        scheduler,
                        BatchIterator.Pressure.none());
        this.ended = scheduler.start("journal-" + shard, this::run).result();
    }

    @Override
    public CompletableFuture<Void> append(Commit commit) {
        return append(
                new Append(
                        outgoing.records(commit), commit.consumedTo(), new CompletableFuture<>()));
    }

    @Override
    public CompletableFuture<Void> confirm() {
        boolean isFresh = scheduler.nanoTime() - ownedAtNanos <= CONFIRMED_FOR.toNanos();
        if (isFresh && lost.get() == null) {
            return CompletableFuture.completedFuture(null);
        }
        return append(new Append(List.of(), OptionalLong.empty(), new CompletableFuture<>()));
    }

    private CompletableFuture<Void> append(Append append) {
        if (pending.incrementAndGet() > PENDING_MAX) {
            pending.decrementAndGet();
            appends.close();
            return CompletableFuture.failedFuture(
                    lose("more than " + PENDING_MAX + " commits wait", null));
        }
        if (!appends.offer(append)) {
            fail(append);
        }
        return append.done();
    }

    /**
     * Writes what was appended, then closes the producer. Blocks until the deadline at most, and a
     * little longer to close the connection.
     */
    void close(Deadline deadline) throws InterruptedException {
        appends.close();
        try {
            scheduler.await(ended, deadline);
        } catch (TimeoutException tooLate) {
            abandon("it was not written in time", tooLate);
        } catch (ExecutionException unexpected) {
            log.error("Shard {}: its journal ended unexpectedly", shard, unexpected.getCause());
        }
        producer.close(CLOSE_MAX);
    }

    /** Writes nothing more, and fails what waits. Returns soon. */
    void abandon(String why, @Nullable Throwable cause) {
        lose(why, cause);
        appends.close();
        producer.close(Duration.ZERO);
    }

    private @Nullable Void run() throws InterruptedException {
        LogContext.SHARD.is(shard);
        CompletableFuture<Optional<Batch<Append>>> next = appends.next();
        try {
            while (true) {
                Optional<Batch<Append>> batch = scheduler.await(next, Deadline.NEVER);
                if (batch.isEmpty()) {
                    return null;
                }
                write(batch.get().elements());
                next = appends.next();
            }
        } catch (ExecutionException | TimeoutException impossible) {
            throw new IllegalStateException("appends neither fail nor time out", impossible);
        } finally {
            appends.close();
            failRest(next);
        }
    }

    /** Nobody may wait for ever, however this thread ends. */
    private void failRest(CompletableFuture<Optional<Batch<Append>>> next) {
        // Closed: each answer is there at once, or in the hands of whoever is giving it.
        Optional<Batch<Append>> rest = next.join();
        while (rest.isPresent()) {
            rest.get().elements().forEach(this::fail);
            rest = appends.next().join();
        }
    }

    private void write(List<Append> batch) {
        if (lost.get() == null) {
            try {
                commit(batch);
            } catch (Throwable failure) {
                // An Error too: a future that never completes would hang its job for ever.
                if (failure instanceof Error) {
                    log.error("Shard {}: its journal is lost", shard, failure);
                }
                lose(String.valueOf(failure.getMessage()), failure);
                appends.close();
            }
        }
        if (lost.get() != null) {
            batch.forEach(this::fail);
            return;
        }
        for (Append append : batch) {
            pending.decrementAndGet();
            append.done().complete(null);
        }
    }

    private void commit(List<Append> batch) {
        // Before, not after: this worker may be stopped while it waits for the answer.
        long beganAt = scheduler.nanoTime();
        producer.beginTransaction();
        OptionalLong consumedTo = OptionalLong.empty();
        boolean isEmpty = true;
        for (Append append : batch) {
            // What a send fails with, the commit fails with too.
            for (ProducerRecord<byte[], byte[]> record : append.records()) {
                var _ = producer.send(record, (_, failure) -> sent(record, failure));
                isEmpty = false;
            }
            consumedTo = append.consumedTo().isPresent() ? append.consumedTo() : consumedTo;
        }
        if (consumedTo.isPresent()) {
            producer.sendOffsetsToTransaction(
                    Map.of(jobs, new OffsetAndMetadata(consumedTo.getAsLong())), group);
        } else if (isEmpty) {
            // A transaction with nothing in it would never reach the broker.
            var _ = producer.send(OwnerMark.record(topic, shard));
        }
        producer.commitTransaction();
        ownedAtNanos = beganAt;
    }

    private void sent(ProducerRecord<byte[], byte[]> record, @Nullable Exception failure) {
        // What is in the journal cannot be cut.
        if (failure instanceof RecordTooLargeException && !record.topic().equals(topic)) {
            limit.tooLarge(record.topic(), cutTo);
        }
    }

    /**
     * The group without a member's epoch, which a rebalance would make stale while the shard is
     * still ours: the transactional id alone fences.
     */
    @SuppressWarnings("removal") // Kafka 5 means to offer only a consumer's own metadata.
    private static ConsumerGroupMetadata groupAlone(String group) {
        return new ConsumerGroupMetadata(group);
    }

    private void fail(Append append) {
        pending.decrementAndGet();
        append.done().completeExceptionally(lose("it is closed", null));
    }

    /** Why this journal is lost: what was found first. */
    private JournalLost lose(String why, @Nullable Throwable cause) {
        JournalLost now =
                new JournalLost(
                        "journal of shard " + shard + ": " + why,
                        cause == null ? new IllegalStateException(why) : cause);
        JournalLost before = lost.compareAndExchange(null, now);
        return before == null ? now : before;
    }

    /** A commit on its way. */
    private record Append(
            List<ProducerRecord<byte[], byte[]>> records,
            OptionalLong consumedTo,
            CompletableFuture<Void> done) {

        long bytes() {
            return records.stream().mapToLong(Outgoing::bytes).sum();
        }
    }
}
