package dev.spate.async;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Several futures of different types, of which the first to finish counts.
 *
 * {@snippet :
 * switch (scheduler.await(Race.of(exit, notice), deadline)) {
 *     case Race.Of2.First(var status) -> settle(status);
 *     case Race.Of2.Second(var reclaimed) -> replace(reclaimed);
 * }
 * }
 *
 * <ul>
 *   <li>The first to finish decides: if it failed or was cancelled, the race fails with the same
 *       cause, even if another would have succeeded later. If several are done already, the one
 *       named first wins.
 *   <li>The losers are cancelled.
 *   <li>Cancelling the result, or completing it from outside, cancels all runners that are not
 *       done.
 * </ul>
 *
 * <p>Nothing blocks.
 */
public final class Race {

    private Race() {}

    /** Two runners. */
    public static <A extends @Nullable Object, B extends @Nullable Object>
            CompletableFuture<Of2<A, B>> of(CompletableFuture<A> a, CompletableFuture<B> b) {
        CompletableFuture<Of2<A, B>> result = new CompletableFuture<>();
        enter(a, Of2.First::new, result);
        enter(b, Of2.Second::new, result);
        Futures.cancelWith(result, List.of(a, b));
        return result;
    }

    /** Three runners. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object>
            CompletableFuture<Of3<A, B, C>> of(
                    CompletableFuture<A> a, CompletableFuture<B> b, CompletableFuture<C> c) {
        CompletableFuture<Of3<A, B, C>> result = new CompletableFuture<>();
        enter(a, Of3.First::new, result);
        enter(b, Of3.Second::new, result);
        enter(c, Of3.Third::new, result);
        Futures.cancelWith(result, List.of(a, b, c));
        return result;
    }

    /** Four runners. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object>
            CompletableFuture<Of4<A, B, C, D>> of(
                    CompletableFuture<A> a,
                    CompletableFuture<B> b,
                    CompletableFuture<C> c,
                    CompletableFuture<D> d) {
        CompletableFuture<Of4<A, B, C, D>> result = new CompletableFuture<>();
        enter(a, Of4.First::new, result);
        enter(b, Of4.Second::new, result);
        enter(c, Of4.Third::new, result);
        enter(d, Of4.Fourth::new, result);
        Futures.cancelWith(result, List.of(a, b, c, d));
        return result;
    }

    private static <T extends @Nullable Object, R> void enter(
            CompletableFuture<T> runner,
            Function<? super T, ? extends R> choice,
            CompletableFuture<R> result) {
        var _ =
                runner.whenComplete(
                        (value, failure) -> {
                            if (failure != null) {
                                Futures.fail(result, failure);
                            } else {
                                result.complete(choice.apply(value));
                            }
                        });
    }

    /** Which of two won, and with what. */
    public sealed interface Of2<A extends @Nullable Object, B extends @Nullable Object> {
        /** The first won. */
        record First<A extends @Nullable Object, B extends @Nullable Object>(A value)
                implements Of2<A, B> {}

        /** The second won. */
        record Second<A extends @Nullable Object, B extends @Nullable Object>(B value)
                implements Of2<A, B> {}
    }

    /** Which of three won, and with what. */
    public sealed interface Of3<
            A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object> {
        /** The first won. */
        record First<
                        A extends @Nullable Object,
                        B extends @Nullable Object,
                        C extends @Nullable Object>(
                A value) implements Of3<A, B, C> {}

        /** The second won. */
        record Second<
                        A extends @Nullable Object,
                        B extends @Nullable Object,
                        C extends @Nullable Object>(
                B value) implements Of3<A, B, C> {}

        /** The third won. */
        record Third<
                        A extends @Nullable Object,
                        B extends @Nullable Object,
                        C extends @Nullable Object>(
                C value) implements Of3<A, B, C> {}
    }

    /** Which of four won, and with what. */
    public sealed interface Of4<
            A extends @Nullable Object,
            B extends @Nullable Object,
            C extends @Nullable Object,
            D extends @Nullable Object> {
        /** The first won. */
        record First<
                        A extends @Nullable Object,
                        B extends @Nullable Object,
                        C extends @Nullable Object,
                        D extends @Nullable Object>(
                A value) implements Of4<A, B, C, D> {}

        /** The second won. */
        record Second<
                        A extends @Nullable Object,
                        B extends @Nullable Object,
                        C extends @Nullable Object,
                        D extends @Nullable Object>(
                B value) implements Of4<A, B, C, D> {}

        /** The third won. */
        record Third<
                        A extends @Nullable Object,
                        B extends @Nullable Object,
                        C extends @Nullable Object,
                        D extends @Nullable Object>(
                C value) implements Of4<A, B, C, D> {}

        /** The fourth won. */
        record Fourth<
                        A extends @Nullable Object,
                        B extends @Nullable Object,
                        C extends @Nullable Object,
                        D extends @Nullable Object>(
                D value) implements Of4<A, B, C, D> {}
    }
}
