package dev.spate.lab;

import com.sun.management.ThreadMXBean;
import dev.spate.async.Batch;
import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The two ways to read a topic that the batch benchmark compares. */
final class BatchSubjects {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final Scheduler scheduler;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    BatchSubjects(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * @param allocatedBytesPerRecord by all threads of this process, the consumer's own included
     */
    record Throughput(double recordsPerSecond, double allocatedBytesPerRecord) {}

    /** Polls, and looks at each record. */
    Throughput bare(BatchTopic topic, int records) throws Exception {
        try (Consumer<byte[], byte[]> consumer = topic.consumer(true)) {
            return measure(
                    records,
                    () -> {
                        int seen = 0;
                        while (seen < records) {
                            for (ConsumerRecord<byte[], byte[]> record :
                                    consumer.poll(POLL_TIMEOUT)) {
                                seen += record.value().length > 0 ? 1 : 0;
                            }
                        }
                        return seen;
                    });
        }
    }

    /** Asks for batches on a virtual thread, and looks at each record. */
    Throughput spate(BatchTopic topic, int records) throws Exception {
        try (PollThread poll =
                new PollThread(topic.consumer(true), BatchBenchmark.LIMITS, scheduler)) {
            return measure(
                    records, () -> scheduler.await(read(poll, records).result(), Deadline.NEVER));
        }
    }

    private Scheduler.Task<Integer> read(PollThread poll, int records) {
        return scheduler.start(
                "reader",
                () -> {
                    var batches = poll.start();
                    int seen = 0;
                    while (seen < records) {
                        Optional<Batch<ConsumerRecord<byte[], byte[]>>> batch =
                                scheduler.await(batches.next(), Deadline.NEVER);
                        for (ConsumerRecord<byte[], byte[]> record :
                                batch.orElseThrow().elements()) {
                            seen += record.value().length > 0 ? 1 : 0;
                        }
                    }
                    return seen;
                });
    }

    private Throughput measure(int records, Callable<Integer> reading) throws Exception {
        long bytesBefore = threads.getTotalThreadAllocatedBytes();
        long startNanos = scheduler.nanoTime();
        int seen = reading.call();
        double seconds = (scheduler.nanoTime() - startNanos) / 1e9;
        long bytes = threads.getTotalThreadAllocatedBytes() - bytesBefore;
        return new Throughput(seen / seconds, (double) bytes / records);
    }

    /** How long after it was sent each record came out of poll. */
    List<Long> bareAges(BatchTopic topic, int recordsPerSecond, Duration time) throws Exception {
        List<Long> agesNanos = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = topic.consumer(false)) {
            var trickle = scheduler.start("trickle", topic.trickle(scheduler, recordsPerSecond));
            Deadline end = Deadline.after(scheduler, time);
            while (!end.hasPassed(scheduler)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
                    agesNanos.add(scheduler.nanoTime() - BatchTopic.sentAtNanos(record.value()));
                }
            }
            stop(trickle);
        }
        return agesNanos;
    }

    /** How long after its first record was sent each batch was delivered, less the linger. */
    List<Long> spateLateness(BatchTopic topic, int recordsPerSecond, Duration time)
            throws Exception {
        try (PollThread poll =
                new PollThread(topic.consumer(false), BatchBenchmark.LIMITS, scheduler)) {
            var batches = poll.start();
            var trickle = scheduler.start("trickle", topic.trickle(scheduler, recordsPerSecond));
            var reader =
                    scheduler.start(
                            "reader",
                            () -> {
                                List<Long> lateNanos = new ArrayList<>();
                                Deadline end = Deadline.after(scheduler, time);
                                while (!end.hasPassed(scheduler)) {
                                    var batch = scheduler.await(batches.next(), Deadline.NEVER);
                                    lateNanos.add(lateNanos(batch.orElseThrow()));
                                }
                                return lateNanos;
                            });
            List<Long> lateNanos = scheduler.await(reader.result(), Deadline.NEVER);
            stop(trickle);
            return lateNanos;
        }
    }

    private long lateNanos(Batch<ConsumerRecord<byte[], byte[]>> batch) {
        long nowNanos = scheduler.nanoTime();
        long sentAtNanos = BatchTopic.sentAtNanos(batch.elements().getFirst().value());
        return nowNanos - sentAtNanos - BatchBenchmark.LIMITS.linger().toNanos();
    }

    /** What a source of millions has handed over two seconds after it was told to pause. */
    long heldBytesWhenNobodyAsks(BatchTopic topic) throws Exception {
        try (PollThread poll =
                new PollThread(topic.consumer(true), BatchBenchmark.LIMITS, scheduler)) {
            var batches = poll.start();
            while (!batches.isPaused()) {
                scheduler.sleep(Duration.ofMillis(10));
            }
            scheduler.sleep(Duration.ofSeconds(2));
            return poll.offeredBytes();
        }
    }

    /** The trickle must be gone before the next measurement begins. */
    private void stop(Scheduler.Task<Integer> trickle) throws Exception {
        trickle.cancel();
        try {
            int sent = scheduler.await(trickle.result(), Deadline.NEVER);
            throw new IllegalStateException("the trickle ended by itself after " + sent);
        } catch (CancellationException _) {
            // As it should be.
        }
    }
}
