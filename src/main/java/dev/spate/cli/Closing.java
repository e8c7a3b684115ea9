package dev.spate.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Things to be closed, last made first, each even if another cannot be. */
final class Closing implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Remembers to close it. */
    synchronized <T extends AutoCloseable> T add(T closeable) {
        open.push(closeable);
        return closeable;
    }

    @Override
    public synchronized void close() {
        while (!open.isEmpty()) {
            AutoCloseable next = open.pop();
            try {
                next.close();
            } catch (InterruptedException interrupted) {
                // Whoever interrupts wants it quicker, not half done.
                Thread.currentThread().interrupt();
            } catch (Exception broken) {
                log.warn("Closing went wrong: {}", broken.toString());
            }
        }
    }
}
