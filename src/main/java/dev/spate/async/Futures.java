package dev.spate.async;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What {@link Join} and {@link Race} have in common. */
final class Futures {

    private Futures() {}

    /** Fails the result; what it was waiting for is cancelled by {@link #cancelWith}. */
    static void fail(CompletableFuture<?> result, Throwable failure) {
        result.completeExceptionally(cause(failure));
    }

    /** Cancels all parts that are not done when the result is, whatever the reason. */
    static void cancelWith(
            CompletableFuture<?> result, List<? extends CompletableFuture<?>> parts) {
        var _ = result.whenComplete((_, _) -> parts.forEach(part -> part.cancel(true)));
    }

    /** The failure itself: a future derived from another wraps what it passes on. */
    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
