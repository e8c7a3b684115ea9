package dev.spate.kafka;

import dev.spate.async.BatchIterator;
import dev.spate.async.Scheduler;
import dev.spate.engine.Incoming;
import dev.spate.engine.RawMessage;
import java.util.List;

/** The messages of an open shard on their way from the consumer to the engine. */
final class Intake implements BatchIterator.Pressure {

    private final BatchIterator<Incoming> batches;
    private final long from;
    private final Runnable wakeUp;

    /** Written by whoever offers or asks; read by the poll thread. */
    private volatile boolean isFull;

    /** The poll thread's own: whether the consumer stands where this shard goes on. */
    private boolean isSought;

    /**
     * @param from the offset of the first message that is not consumed
     * @param wakeUp tells the poll thread to look here again
     */
    Intake(KafkaSettings settings, Scheduler scheduler, long from, Runnable wakeUp) {
        this.from = from;
        this.wakeUp = wakeUp;
        this.batches = new BatchIterator<>(settings.input(), Intake::bytes, scheduler, this);
    }

    BatchIterator<Incoming> batches() {
        return batches;
    }

    long from() {
        return from;
    }

    boolean isFull() {
        return isFull;
    }

    boolean hasMessages() {
        return batches.heldBytes() > 0;
    }

    boolean isSought() {
        return isSought;
    }

    void sought() {
        isSought = true;
    }

    /** Whoever takes the messages is there. */
    void start() {
        wakeUp.run();
    }

    void offer(List<Incoming> messages) {
        batches.offerAll(messages);
    }

    @Override
    public void pause() {
        // Comes from the poll thread itself, which looks here before it polls again; or from the
        // linger's timer, and then one poll more does no harm.
        isFull = true;
    }

    @Override
    public void resume() {
        isFull = false;
        wakeUp.run();
    }

    private static long bytes(Incoming message) {
        return switch (message) {
            case Incoming.Submitted submitted -> bytes(submitted.raw());
            case Incoming.Malformed malformed -> bytes(malformed.raw());
            case Incoming.Cancelled _ -> 100;
        };
    }

    private static long bytes(RawMessage raw) {
        return 100L
                + (raw.key() == null ? 0 : raw.key().length)
                + (raw.value() == null ? 0 : raw.value().length);
    }
}
