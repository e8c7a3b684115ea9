package dev.spate.fleet;

import dev.spate.async.Scheduler;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.MachineId;
import dev.spate.job.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A machine in a {@link FakeCloud}: moments in time, from which follows how it looks at any. */
final class FakeMachine {

    final MachineId id;
    final Launch launch;
    final int index;
    final Pool pool;
    final String address;
    final Instant madeAt;
    final CompletableFuture<Void> stopped = new CompletableFuture<>();

    /** All on the scheduler's monotonic scale. */
    final long madeNanos;

    final long runningNanos;
    private @Nullable Ending ending;
    Scheduler.@Nullable Timer leaseEnd;

    private record Ending(long beginsNanos, long goneNanos, Failure why) {}

    FakeMachine(
            MachineId id,
            Launch launch,
            int index,
            Pool pool,
            String address,
            Scheduler scheduler,
            Duration boot) {
        this.id = id;
        this.launch = launch;
        this.index = index;
        this.pool = pool;
        this.address = address;
        this.madeAt = scheduler.now();
        this.madeNanos = scheduler.nanoTime();
        this.runningNanos = madeNanos + boot.toNanos();
    }

    /** Stops working now, and is gone after a while. Does nothing the second time. */
    boolean end(long nowNanos, Duration delay, Failure why) {
        if (ending != null) {
            return false;
        }
        ending = new Ending(nowNanos, nowNanos + delay.toNanos(), why);
        if (leaseEnd != null) {
            leaseEnd.cancel();
        }
        return true;
    }

    boolean isEnding() {
        return ending != null;
    }

    /** Whether it counts against capacity. */
    boolean isThere(long nowNanos) {
        return state(nowNanos) != Machine.State.GONE;
    }

    /** Whether somebody could look at it then. */
    boolean isMadeBy(long nanos) {
        return nanos - madeNanos >= 0;
    }

    Machine.State state(long nanos) {
        if (ending != null && nanos - ending.beginsNanos >= 0) {
            return nanos - ending.goneNanos >= 0 ? Machine.State.GONE : Machine.State.STOPPING;
        }
        return nanos - runningNanos >= 0 ? Machine.State.RUNNING : Machine.State.PENDING;
    }

    /** Whether it has been gone for so long that the cloud has forgotten it. */
    boolean isForgotten(long nanos, Duration memory) {
        return ending != null && nanos - ending.goneNanos - memory.toNanos() >= 0;
    }

    /**
     * As it looked at a moment.
     *
     * @param hasAddressAtOnce whether it has an address before it runs
     */
    Machine describe(long nanos, boolean hasAddressAtOnce) {
        Machine.State state = state(nanos);
        boolean hasAddress =
                switch (state) {
                    case PENDING -> hasAddressAtOnce;
                    case RUNNING -> true;
                    case STOPPING, GONE -> false;
                };
        boolean isEnding = state == Machine.State.STOPPING || state == Machine.State.GONE;
        return new Machine(
                id,
                Optional.of(launch.token()),
                index,
                OptionalInt.of(launch.shard()),
                state,
                hasAddress ? Optional.of(address) : Optional.empty(),
                pool,
                madeAt,
                Optional.of(launch.expiresAt()),
                ending != null && isEnding ? Optional.of(ending.why) : Optional.empty());
    }
}
