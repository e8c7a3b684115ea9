package dev.spate.fleet;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** Futures that many wait for. */
final class Shared {

    private Shared() {}

    /**
     * A future that ends as the other does, cancellation included; to cancel it does nothing to the
     * other. {@link CompletableFuture#copy} would turn cancellation into failure.
     */
    static <T> CompletableFuture<T> copy(CompletableFuture<T> future) {
        CompletableFuture<T> copy = new CompletableFuture<>();
        var _ =
                future.whenComplete(
                        (value, failure) -> {
                            if (failure == null) {
                                copy.complete(value);
                            } else if (failure instanceof CancellationException) {
                                copy.cancel(false);
                            } else {
                                copy.completeExceptionally(failure);
                            }
                        });
        return copy;
    }
}
