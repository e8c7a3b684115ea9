package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Failure;
import dev.spate.job.Market;
import dev.spate.job.Pool;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pools that had nothing to give a moment ago, for all shards of the worker. Safe for any
 * thread.
 */
final class RestingPools {

    private final FleetSettings settings;
    private final Scheduler scheduler;
    private final Map<Pool, Rest> resting = new HashMap<>();
    private final Map<Market, Rest> markets = new HashMap<>();

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
        Failure why = new Failure(Failure.Kind.CAPACITY, "no pool of machines has any to give");
        Duration pause = settings.capacityRest();
        for (Pool pool : pools) {
            Rest rest = markets.getOrDefault(pool.market(), resting.get(pool));
            if (rest != null) {
                Duration remaining = rest.until().remaining(scheduler);
                if (remaining.compareTo(pause) <= 0) {
                    pause = remaining;
                    why = rest.why();
                }
            }
        }
        return new Plan.NotNow(why, pause);
    }

    private Rest rest(Duration duration, Failure why) {
        return new Rest(Deadline.after(scheduler, duration), why);
    }
}
