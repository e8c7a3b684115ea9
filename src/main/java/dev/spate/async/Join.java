package dev.spate.async;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Several futures of different types into one value.
 *
 * {@snippet :
 * CompletableFuture<Plan> plan = Join.of(images, prices).map((i, p) -> plan(jobs, i, p));
 * }
 *
 * <ul>
 *   <li>The result completes when all parts have.
 *   <li>The first part that fails, or is cancelled, fails the result with the same cause and
 *       cancels the other parts.
 *   <li>Cancelling the result, or completing it from outside, cancels all parts that are not done.
 *   <li>A failure of the function is the failure of the result.
 * </ul>
 *
 * <p>The function runs on the thread that completed the last part. Nothing blocks.
 */
public final class Join {

    private Join() {}

    /** Two parts. */
    public static <A extends @Nullable Object, B extends @Nullable Object> Of2<A, B> of(
            CompletableFuture<A> a, CompletableFuture<B> b) {
        return new Of2<>(a, b);
    }

    /** Three parts. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object>
            Of3<A, B, C> of(
                    CompletableFuture<A> a, CompletableFuture<B> b, CompletableFuture<C> c) {
        return new Of3<>(a, b, c);
    }

    /** Four parts. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object>
            Of4<A, B, C, D> of(
                    CompletableFuture<A> a,
                    CompletableFuture<B> b,
                    CompletableFuture<C> c,
                    CompletableFuture<D> d) {
        return new Of4<>(a, b, c, d);
    }

    /** Any number of parts of one type; the values in the order of the parts. None is fine. */
    public static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> parts) {
        List<CompletableFuture<T>> all = List.copyOf(parts);
        return join(all, () -> all.stream().map(CompletableFuture::resultNow).toList());
    }

    private static <R extends @Nullable Object> CompletableFuture<R> join(
            List<? extends CompletableFuture<?>> parts, Supplier<R> combine) {
        CompletableFuture<R> result = new CompletableFuture<>();
        Futures.cancelWith(result, parts);
        AtomicInteger missing = new AtomicInteger(parts.size());
        if (parts.isEmpty()) {
            complete(result, combine);
        }
        for (CompletableFuture<?> part : parts) {
            var _ =
                    part.whenComplete(
                            (_, failure) -> {
                                if (failure != null) {
                                    Futures.fail(result, failure);
                                } else if (missing.decrementAndGet() == 0) {
                                    complete(result, combine);
                                }
                            });
        }
        return result;
    }

    private static <R extends @Nullable Object> void complete(
            CompletableFuture<R> result, Supplier<R> combine) {
        if (result.isDone()) {
            return;
        }
        try {
            result.complete(combine.get());
        } catch (Throwable failure) {
            Futures.fail(result, failure);
        }
    }

    /** A function of three values. */
    @FunctionalInterface
    public interface Function3<
            A extends @Nullable Object,
            B extends @Nullable Object,
            C extends @Nullable Object,
            R extends @Nullable Object> {
        /** The value of the function; may throw what is unchecked. */
        R apply(A a, B b, C c);
    }

    /** A function of four values. */
    @FunctionalInterface
    public interface Function4<
            A extends @Nullable Object,
            B extends @Nullable Object,
            C extends @Nullable Object,
            D extends @Nullable Object,
            R extends @Nullable Object> {
        /** The value of the function; may throw what is unchecked. */
        R apply(A a, B b, C c, D d);
    }

    /** Two parts to be joined. */
    public record Of2<A extends @Nullable Object, B extends @Nullable Object>(
            CompletableFuture<A> a, CompletableFuture<B> b) {

        /** One value of the two, when both are there. */
        public <R extends @Nullable Object> CompletableFuture<R> map(
                BiFunction<? super A, ? super B, ? extends R> function) {
            return join(List.of(a, b), () -> function.apply(a.resultNow(), b.resultNow()));
        }
    }

    /** Three parts to be joined. */
    public record Of3<
            A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>(
            CompletableFuture<A> a, CompletableFuture<B> b, CompletableFuture<C> c) {

        /** One value of the three, when all are there. */
        public <R extends @Nullable Object> CompletableFuture<R> map(
                Function3<? super A, ? super B, ? super C, ? extends R> function) {
            return join(
                    List.of(a, b, c),
                    () -> function.apply(a.resultNow(), b.resultNow(), c.resultNow()));
        }
    }

    /** Four parts to be joined. */
    public record Of4<
            A extends @Nullable Object,
            B extends @Nullable Object,
            C extends @Nullable Object,
            D extends @Nullable Object>(
            CompletableFuture<A> a,
            CompletableFuture<B> b,
            CompletableFuture<C> c,
            CompletableFuture<D> d) {

        /** One value of the four, when all are there. */
        public <R extends @Nullable Object> CompletableFuture<R> map(
                Function4<? super A, ? super B, ? super C, ? super D, ? extends R> function) {
            return join(
                    List.of(a, b, c, d),
                    () ->
                            function.apply(
                                    a.resultNow(), b.resultNow(), c.resultNow(), d.resultNow()));
        }
    }
}
