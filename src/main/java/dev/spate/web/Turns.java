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

    private final Semaphore asking = new Semaphore(MAX, true);

    /** Apart, so that workers that ask one another never wait for one another. */
    private final Semaphore asked = new Semaphore(MAX, true);

    private final Unread unread = new Unread();

    /** The same, one at a time of a few; who waits for longer than a second is to come again. */
    Handler of(Handler handler) {
        return context -> {
            Semaphore turns = Parameters.isLocal(context) ? asked : asking;
            if (!turns.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw Refused.later("As many requests are being answered as may be.", 1);
            }
            try {
                handler.handle(context);
                unread.count(context);
            } finally {
                turns.release();
            }
        };
    }
}
