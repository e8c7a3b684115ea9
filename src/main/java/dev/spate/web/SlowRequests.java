package dev.spate.web;

import dev.spate.async.Scheduler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;

/**
 * Closes connections whose requests come by the drop. The idle time-out does not: every byte puts
 * it off, so that a few hundred such connections could keep everybody else out for as long as they
 * like. A stream that is being answered sends nothing and is left alone. Safe for any thread.
 */
final class SlowRequests implements Connection.Listener {

    private static final Duration GRACE_MAX = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final long BYTES_PER_SECOND_MIN = 500;

    private final Duration grace;
    private final Scheduler scheduler;
    private final Map<Connection, Pace> connections = new ConcurrentHashMap<>();
    private volatile boolean isClosed;

    /**
     * What was seen of a connection.
     *
     * @param answered how many requests were answered
     * @param bytesAtRest how many bytes had come when it last waited for a request
     * @param bytes how many have come by now
     * @param sinceNanos when the request began that is coming
     */
    private record Pace(long answered, long bytesAtRest, long bytes, long sinceNanos) {

        boolean isAtRest() {
            return bytes == bytesAtRest;
        }
    }

    /**
     * @param idleTimeout the grace is no longer than this
     */
    SlowRequests(Duration idleTimeout, Scheduler scheduler) {
        this.grace = idleTimeout.compareTo(GRACE_MAX) < 0 ? idleTimeout : GRACE_MAX;
        this.scheduler = scheduler;
        scheduler.schedule(LOOK_EVERY, this::look);
    }

    @Override
    public void onOpened(Connection connection) {
        connections.put(connection, new Pace(0, 0, 0, scheduler.nanoTime()));
    }

    @Override
    public void onClosed(Connection connection) {
        connections.remove(connection);
    }

    /** How many there are. */
    int connections() {
        return connections.size();
    }

    /** Looks no more. */
    void close() {
        isClosed = true;
    }

    private void look() {
        if (isClosed) {
            return;
        }
        long now = scheduler.nanoTime();
        connections.replaceAll((connection, before) -> look(connection, before, now));
        scheduler.schedule(LOOK_EVERY, this::look);
    }

    private Pace look(Connection connection, Pace before, long now) {
        long answered = connection.getMessagesOut();
        long bytes = connection.getBytesIn();
        if (answered != before.answered()) {
            return new Pace(answered, bytes, bytes, now);
        }
        if (bytes == before.bytes()) {
            return before;
        }
        if (before.isAtRest()) {
            return new Pace(answered, before.bytesAtRest(), bytes, now);
        }
        Duration took = Duration.ofNanos(now - before.sinceNanos());
        long expected = BYTES_PER_SECOND_MIN * took.toSeconds();
        if (took.compareTo(grace) > 0 && bytes - before.bytesAtRest() < expected) {
            connection.getEndPoint().close(new TimeoutException("the request comes too slowly"));
        }
        return new Pace(answered, before.bytesAtRest(), bytes, before.sinceNanos());
    }
}
