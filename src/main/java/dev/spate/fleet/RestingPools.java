package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Failure;
import dev.spate.job.Market;
import dev.spate.job.Pool;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pools that had nothing to give a moment ago, for all shards of the worker. Safe for any
 * thread.
 */
final class RestingPools {

    private final FleetSettings settings;
    private final Scheduler scheduler;
    private final Map<Pool, Rest> resting = new HashMap<>();
    private final Map<Market, Rest> markets = new HashMap<>();

    private static final Failure RESTED =
            new Failure(Failure.Kind.CAPACITY, "no pool of machines had any to give a moment ago");

    private record Rest(Deadline until, Failure why) {}

    RestingPools(FleetSettings settings, Scheduler scheduler) {
        this.settings = settings;
        this.scheduler = scheduler;
    }

    /**
     * A launch from this pool failed, or came out short. Only capacity and quota send a pool to
     * rest.
     */
    synchronized void failed(Pool pool, Failure why) {
        switch (why.kind()) {
            case CAPACITY -> resting.put(pool, rest(settings.capacityRest(), why));
            case QUOTA -> markets.put(pool.market(), rest(settings.quotaRest(), why));
            case INVALID,
                    THROTTLED,
                    INFRASTRUCTURE,
                    LOST,
                    TIMEOUT,
                    JOB,
                    CANCELLED,
                    SECURITY,
                    INTERNAL -> {}
        }
    }

    /** The first of the pools that is not at rest. */
    synchronized Optional<Pool> first(List<Pool> pools) {
        resting.values().removeIf(rest -> rest.until().hasPassed(scheduler));
        markets.values().removeIf(rest -> rest.until().hasPassed(scheduler));
        return pools.stream()
                .filter(pool -> !resting.containsKey(pool) && !markets.containsKey(pool.market()))
                .findFirst();
    }

    /** When all of the pools are at rest: why, and how long until the first of them is not. */
    synchronized Plan.NotNow notNow(List<Pool> pools) {
        return pools.stream()
                .map(this::longest)
                .min(Comparator.comparing(rest -> rest.until().remaining(scheduler)))
                .map(rest -> new Plan.NotNow(rest.why(), rest.until().remaining(scheduler)))
                .orElseThrow(() -> new IllegalArgumentException("pools: expected one, found none"));
    }

    /** A pool has to wait for itself and for its market. */
    private Rest longest(Pool pool) {
        return Stream.of(resting.get(pool), markets.get(pool.market()))
                .flatMap(Stream::ofNullable)
                .max(Comparator.comparing(rest -> rest.until().remaining(scheduler)))
                // It has come back since it was asked for.
                .orElseGet(() -> new Rest(Deadline.after(scheduler, Duration.ZERO), RESTED));
    }

    private Rest rest(Duration duration, Failure why) {
        return new Rest(Deadline.after(scheduler, duration), why);
    }
}
