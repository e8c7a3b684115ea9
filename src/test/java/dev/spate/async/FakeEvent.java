package dev.spate.async;

import org.jspecify.annotations.Nullable;

/** Something that happens at a moment, unless it is cancelled or its process crashes before. */
final class FakeEvent implements Comparable<FakeEvent>, Scheduler.Timer {

    private final FakeLoop loop;
    private final FakeProcess owner;
    private final long atNanos;

    /** Events of the same moment come in an order drawn from the seed. */
    private final int lot;

    private final long number;
    private @Nullable Runnable action;

    FakeEvent(
            FakeLoop loop, FakeProcess owner, long atNanos, int lot, long number, Runnable action) {
        this.loop = loop;
        this.owner = owner;
        this.atNanos = atNanos;
        this.lot = lot;
        this.number = number;
        this.action = action;
    }

    long atNanos() {
        return atNanos;
    }

    boolean isDead() {
        return action == null;
    }

    FakeProcess owner() {
        return owner;
    }

    boolean isOf(FakeProcess process) {
        return owner == process;
    }

    void fire() {
        @Nullable Runnable once = action;
        action = null;
        if (once != null) {
            once.run();
        }
    }

    @Override
    public void cancel() {
        if (action != null) {
            action = null;
            loop.eventCancelled();
        }
    }

    @Override
    public int compareTo(FakeEvent other) {
        int byTime = Long.compare(atNanos, other.atNanos);
        if (byTime != 0) {
            return byTime;
        }
        int byLot = Integer.compare(lot, other.lot);
        return byLot != 0 ? byLot : Long.compare(number, other.number);
    }
}
