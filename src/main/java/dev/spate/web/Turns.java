package dev.spate.web;

import io.javalin.http.Handler;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many answers that take memory are made at a time: each may hold megabytes while it waits for
 * other workers. What is made counts until it is read. Safe for any thread.
 */
final class Turns {

    private static final int MAX = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Kind asking = Kind.make();

    /**
     * Apart, so that workers that ask one another never wait for one another, and slow clients of
     * one worker do not hide its jobs from the others' clients.
     */
    private final Kind asked = Kind.make();

    private record Kind(Semaphore turns, Unread unread) {

        static Kind make() {
            return new Kind(new Semaphore(MAX, true), new Unread());
        }
    }

    /** The same, one at a time of a few; who waits for longer than a second is to come again. */
    Handler of(Handler handler) {
        return context -> {
            Kind kind = Parameters.isLocal(context) ? asked : asking;
            if (!kind.turns().tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw Refused.later("As many requests are being answered as may be.", 1);
            }
            try {
                handler.handle(context);
                kind.unread().count(context);
            } finally {
                kind.turns().release();
            }
        };
    }
}
