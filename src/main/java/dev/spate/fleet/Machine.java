package dev.spate.fleet;

import dev.spate.job.Failure;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.Market;
import dev.spate.job.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A machine as the cloud last described it.
 *
 * @param id its name
 * @param token the launch it came from; empty if it is none of ours
 * @param index which of the launch's machines it is
 * @param shard the shard in its tags
 * @param state what it is doing
 * @param address where to reach it, once it has an address
 * @param pool market, type and zone it is in
 * @param launchedAt by the cloud's clock
 * @param expiresAt the lease in its tags
 * @param ended why it is going or gone
 */
public record Machine(
        MachineId id,
        Optional<LaunchToken> token,
        int index,
        OptionalInt shard,
        State state,
        Optional<String> address,
        Pool pool,
        Instant launchedAt,
        Optional<Instant> expiresAt,
        Optional<Failure> ended) {

    /** A machine that the cloud does not know any more, as far as it was known before. */
    static Machine unknown(MachineId id, @Nullable Machine latest) {
        Failure why =
                new Failure(
                        Failure.Kind.LOST, "the cloud does not know machine " + id + " any more");
        return latest == null
                ? new Machine(
                        id,
                        Optional.empty(),
                        0,
                        OptionalInt.empty(),
                        State.GONE,
                        Optional.empty(),
                        new Pool(Market.ON_DEMAND, "unknown", Optional.empty()),
                        Instant.EPOCH,
                        Optional.empty(),
                        Optional.of(why))
                : new Machine(
                        id,
                        latest.token(),
                        latest.index(),
                        latest.shard(),
                        State.GONE,
                        latest.address(),
                        latest.pool(),
                        latest.launchedAt(),
                        latest.expiresAt(),
                        latest.ended().or(() -> Optional.of(why)));
    }

    /**
     * How long ago it was made. Zero if that is not known, or if the clocks disagree: then it
     * counts as new.
     */
    public Duration age(Instant now) {
        boolean isKnown = launchedAt.isAfter(Instant.EPOCH) && launchedAt.isBefore(now);
        return isKnown ? Duration.between(launchedAt, now) : Duration.ZERO;
    }

    /** Whether it is going or gone: nothing can be begun on it any more. */
    boolean isEnding() {
        return switch (state) {
            case PENDING, RUNNING -> false;
            case STOPPING, GONE -> true;
        };
    }

    /** What a machine is doing, in the order in which it does it. */
    public enum State {
        /** It is being made. */
        PENDING,
        /** It is there, though it may still be booting. */
        RUNNING,
        /** It is going, and will not come back. */
        STOPPING,
        /** It is gone. Nothing runs on it, and nothing is paid for it. */
        GONE
    }
}
