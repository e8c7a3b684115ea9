package dev.spate.local;

import dev.spate.async.Scheduler;
import dev.spate.local.Limits.Bucket;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A token bucket per action. Thread-safe. */
final class Throttle {
    private final Scheduler scheduler;
    private final Supplier<Weather> weather;
    private final Map<String, Level> levels = new HashMap<>();

    Throttle(Scheduler scheduler, Supplier<Weather> weather) {
        this.scheduler = scheduler;
        this.weather = weather;
    }

    /** Takes a token. */
    synchronized void admit(String action) {
        Bucket bucket = bucketOf(action);
        if (bucket == null) {
            return;
        }
        long now = scheduler.nanoTime();
        Level before = levels.getOrDefault(action, new Level(bucket.burst(), now));
        double tokens =
                Math.min(
                        bucket.burst(),
                        before.tokens() + (now - before.at()) / 1e9 * bucket.perSecond());
        levels.put(action, new Level(tokens >= 1 ? tokens - 1 : tokens, now));
        if (tokens < 1) {
            throw exceeded();
        }
    }

    static ApiException exceeded() {
        return ApiException.withStatus(503, "RequestLimitExceeded", "Request limit exceeded.");
    }

    private @Nullable Bucket bucketOf(String action) {
        Map<String, Bucket> buckets = weather.get().limits().throttles();
        Bucket own = buckets.get(action);
        return own != null ? own : buckets.get("*");
    }

    private record Level(double tokens, long at) {}
}
