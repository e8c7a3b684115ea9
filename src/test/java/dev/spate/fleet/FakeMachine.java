package dev.spate.fleet;

import dev.spate.async.Scheduler;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
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

    /** The launch in its tags; empty if it is none of the group's. */
    final Optional<LaunchToken> token;

    final int index;
    final Pool pool;
    final FakeBoot boot;
    final String address;
    final Instant madeAt;
    final CompletableFuture<Void> stopped = new CompletableFuture<>();

    /** All on the scheduler's monotonic scale. */
    final long madeNanos;

    final long runningNanos;
    private @Nullable Ending ending;
    Scheduler.@Nullable Timer leaseEnd;

    private long deniedToNanos;

    private record Ending(long beginsNanos, long stopsNanos, long goneNanos, Failure why) {}

    FakeMachine(
            MachineId id,
            Launch launch,
            Optional<LaunchToken> token,
            int index,
            Pool pool,
            FakeBoot boot,
            String address,
            Scheduler scheduler,
            Duration bootTime) {
        this.id = id;
        this.launch = launch;
        this.token = token;
        this.boot = boot;
        this.index = index;
        this.pool = pool;
        this.address = address;
        this.madeAt = scheduler.now();
        this.madeNanos = scheduler.nanoTime();
        this.runningNanos = madeNanos + bootTime.toNanos();
    }

    /** Stops working now or soon, and is gone after a while. Does nothing the second time. */
    boolean end(long nowNanos, Duration stopsAfter, Duration goneAfter, Failure why) {
        if (ending != null) {
            return false;
        }
        ending =
                new Ending(
                        nowNanos,
                        nowNanos + stopsAfter.toNanos(),
                        nowNanos + goneAfter.toNanos(),
                        why);
        if (leaseEnd != null) {
            leaseEnd.cancel();
        }
        return true;
    }

    boolean isEnding() {
        return ending != null;
    }

    /** Whether something can run on it. */
    boolean isWorking(long nowNanos) {
        boolean hasBegun = nowNanos - runningNanos >= 0;
        return hasBegun && (ending == null || nowNanos - ending.stopsNanos < 0);
    }

    void deny(long toNanos) {
        deniedToNanos = toNanos;
    }

    boolean isDenied(long nanos) {
        return deniedToNanos != 0 && nanos - deniedToNanos < 0;
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
                token,
                index,
                token.isPresent() ? OptionalInt.of(launch.shard()) : OptionalInt.empty(),
                state,
                hasAddress ? Optional.of(address) : Optional.empty(),
                pool,
                madeAt,
                Optional.of(launch.expiresAt()),
                ending != null && isEnding ? Optional.of(ending.why) : Optional.empty());
    }
}
