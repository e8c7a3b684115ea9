package dev.spate.job;

import java.util.function.Function;

/**
 * What came back from outside: a value, or a failure that was to be expected.
 *
 * @param <T> the value
 */
public sealed interface Answer<T> {

    /** It worked. */
    record Ok<T>(T value) implements Answer<T> {}

    /** It did not, for a reason that was to be expected. */
    record Failed<T>(Failure failure) implements Answer<T> {

        /** The same failure, where another type is asked for. */
        public <U> Failed<U> as() {
            return new Failed<>(failure);
        }
    }

    /** It worked. */
    static <T> Answer<T> ok(T value) {
        return new Ok<>(value);
    }

    /** It did not. */
    static <T> Answer<T> failed(Failure.Kind kind, String message) {
        return new Failed<>(new Failure(kind, message));
    }

    /** The value changed, or the same failure. */
    default <U> Answer<U> map(Function<? super T, ? extends U> change) {
        return switch (this) {
            case Ok<T>(T value) -> new Ok<>(change.apply(value));
            case Failed<T> failed -> failed.as();
        };
    }
}
