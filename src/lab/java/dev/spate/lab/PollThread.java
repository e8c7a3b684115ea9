package dev.spate.lab;

import dev.spate.async.BatchIterator;
import dev.spate.async.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;

/** Feeds a batch iterator from a consumer that it owns, heeding pressure; as thin as can be. */
final class PollThread implements BatchIterator.Pressure, AutoCloseable {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final BatchIterator<ConsumerRecord<byte[], byte[]>> batches;
    private final Thread thread;
    private volatile boolean isPaused;
    private volatile boolean isClosed;
    private final AtomicLong offeredBytes = new AtomicLong();

    PollThread(
            Consumer<byte[], byte[]> consumer, BatchIterator.Limits limits, Scheduler scheduler) {
        this.consumer = consumer;
        this.batches = new BatchIterator<>(limits, PollThread::bytes, scheduler, this);
        this.thread = Thread.ofPlatform().name("poll").unstarted(this::pollUntilClosed);
    }

    BatchIterator<ConsumerRecord<byte[], byte[]>> start() {
        thread.start();
        return batches;
    }

    /** The bytes of all records handed over so far. */
    long offeredBytes() {
        return offeredBytes.get();
    }

    @Override
    public void pause() {
        isPaused = true;
    }

    @Override
    public void resume() {
        isPaused = false;
        LockSupport.unpark(thread);
    }

    /** Returns when the thread has closed the consumer and ended, unless interrupted. */
    @Override
    public void close() {
        isClosed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void pollUntilClosed() {
        @Nullable Throwable failure = null;
        try (consumer) {
            while (!isClosed) {
                if (isPaused) {
                    waitForRoom();
                } else {
                    offer(consumer.poll(POLL_TIMEOUT));
                }
            }
        } catch (RuntimeException thrown) {
            failure = thrown;
        }
        if (failure == null) {
            batches.close();
        } else {
            batches.fail(failure);
        }
    }

    /**
     * Mostly room comes soon, and waiting for it is cheaper than to pause the partitions. If it
     * does not, polling has to go on, for the group's sake.
     */
    private void waitForRoom() {
        LockSupport.parkNanos(this, POLL_TIMEOUT.toNanos());
        if (isPaused && !isClosed) {
            consumer.pause(consumer.assignment());
            offer(consumer.poll(Duration.ZERO));
            consumer.resume(consumer.assignment());
        }
    }

    private void offer(ConsumerRecords<byte[], byte[]> polled) {
        if (polled.isEmpty()) {
            return;
        }
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(polled.count());
        long bytes = 0;
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            records.add(record);
            bytes += bytes(record);
        }
        batches.offerAll(records);
        offeredBytes.addAndGet(bytes);
    }

    private static long bytes(ConsumerRecord<byte[], byte[]> record) {
        return (long) Math.max(0, record.serializedKeySize())
                + Math.max(0, record.serializedValueSize());
    }
}
