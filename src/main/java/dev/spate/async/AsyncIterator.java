package dev.spate.async;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A sequence whose elements arrive over time.
 *
 * @param <T> the elements
 */
public interface AsyncIterator<T> extends AutoCloseable {

    /**
     * Asks for the next element. Never blocks.
     *
     * <p>At most one call may be pending. Completing or cancelling the returned future from outside
     * withdraws the question and loses nothing: the element that would have answered it answers the
     * next call.
     *
     * @return the next element, empty at the end (and ever after), or a failure if the source
     *     failed, after all the elements that came before the failure
     * @throws IllegalStateException if a call is pending
     */
    CompletableFuture<Optional<T>> next();

    /**
     * Ends the sequence: what has arrived can still be asked for, then comes the end. Idempotent;
     * never blocks.
     */
    @Override
    void close();
}
