package dev.spate.ec2;

import dev.spate.job.Answer;
import java.util.function.Function;

/**
 * What came of a call, with EC2's own error code for those who can do something about it.
 *
 * @param <T> what EC2 answers if all is well
 */
sealed interface Reply<T> {

    /** EC2 did what it was asked to. */
    record Ok<T>(T value) implements Reply<T> {}

    /** It did not, or nobody knows. */
    record Refused<T>(Ec2Error error) implements Reply<T> {

        /** The same failure, for a job. */
        <U> Answer<U> answer() {
            return new Answer.Failed<>(error.failure());
        }
    }

    /** For those to whom every failure is the same. */
    default <U> Answer<U> map(Function<? super T, ? extends U> change) {
        return switch (this) {
            case Ok<T>(T value) -> Answer.ok(change.apply(value));
            case Refused<T> refused -> refused.answer();
        };
    }
}
