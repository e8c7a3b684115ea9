package dev.spate.local;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What there is not enough of.
 *
 * @param capacity how many machines a pool holds, by {@code market/type/zone}; {@code *} stands for
 *     any market, type or zone, and then the pools it names share the number. A pool that nothing
 *     names is bottomless. More than there is: {@code InsufficientInstanceCapacity}
 * @param onDemandVcpusMax the account's quota; more: {@code VcpuLimitExceeded}
 * @param spotVcpusMax the account's quota; more: {@code MaxSpotInstanceCountExceeded}
 * @param throttles a token bucket per action, {@code *} for every action without one of its own; an
 *     empty bucket: {@code RequestLimitExceeded}. Actions named by neither are not throttled
 */
public record Limits(
        Map<String, Integer> capacity,
        int onDemandVcpusMax,
        int spotVcpusMax,
        Map<String, Bucket> throttles) {

    /** Every pool is bottomless, the quotas are a million, nothing is throttled. */
    public static final Limits GENEROUS = new Limits(Map.of(), 1_000_000, 1_000_000, Map.of());

    private static final Pattern POOL =
            Pattern.compile("(\\*|spot|on-demand)/(\\*|[a-z0-9.-]+)/(\\*|[a-z0-9-]+)");

    public Limits {
        capacity = Map.copyOf(capacity);
        throttles = Map.copyOf(throttles);
        requireAtLeastZero("onDemandVcpusMax", onDemandVcpusMax);
        requireAtLeastZero("spotVcpusMax", spotVcpusMax);
        capacity.forEach(
                (pool, machines) -> {
                    if (!POOL.matcher(pool).matches()) {
                        throw new IllegalArgumentException(
                                "capacity pool must be market/type/zone, not " + pool);
                    }
                    requireAtLeastZero("capacity " + pool, machines);
                });
    }

    /**
     * A token bucket: one token a call.
     *
     * @param perSecond how fast it fills; above 0
     * @param burst how many tokens it holds, and holds at the start; at least 1
     */
    public record Bucket(double perSecond, int burst) {
        public Bucket {
            if (!(perSecond > 0) || burst < 1) {
                throw new IllegalArgumentException(
                        "a bucket needs perSecond above 0 and burst at least 1, not "
                                + perSecond
                                + " and "
                                + burst);
            }
        }
    }

    /** The same with other capacities. */
    public Limits withCapacity(Map<String, Integer> value) {
        return new Limits(value, onDemandVcpusMax, spotVcpusMax, throttles);
    }

    /** The same with another quota for machines on demand. */
    public Limits withOnDemandVcpusMax(int value) {
        return new Limits(capacity, value, spotVcpusMax, throttles);
    }

    /** The same with another quota for spot machines. */
    public Limits withSpotVcpusMax(int value) {
        return new Limits(capacity, onDemandVcpusMax, value, throttles);
    }

    /** The same with other buckets. */
    public Limits withThrottles(Map<String, Bucket> value) {
        return new Limits(capacity, onDemandVcpusMax, spotVcpusMax, value);
    }

    private static void requireAtLeastZero(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must be 0 or more, not " + value);
        }
    }
}
