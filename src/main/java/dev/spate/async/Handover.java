package dev.spate.async;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * A batch on its way to the one who asked for it. The question may be withdrawn at any moment, so
 * only the future itself can tell whether the batch arrived.
 */
record Handover<T>(CompletableFuture<Optional<Batch<T>>> question, Optional<Batch<T>> answer) {

    void complete() {
        question.complete(answer);
    }

    boolean isDecided() {
        return question.isDone();
    }

    /** Whether the question was answered with this very answer, not completed from outside. */
    @SuppressWarnings({
        "OptionalEquality",
        "ReferenceEquality"
    }) // Each answer is an object of its own.
    boolean wasAccepted() {
        return question.state() == Future.State.SUCCESS && question.resultNow() == answer;
    }

    Batch<T> batch() {
        return answer.orElseThrow();
    }
}
