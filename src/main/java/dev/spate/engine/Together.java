package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** Does the same for several members at once, each on a virtual thread of its own. */
final class Together {

    /** How long to wait for bodies that were interrupted; they have nothing left to wait for. */
    private static final Duration REST_MAX = Duration.ofSeconds(5);

    private Together() {}

    /**
     * All values in order, or the first failure: then, and when the caller is interrupted, the
     * others are interrupted. Returns or throws when all have ended.
     */
    static <T> Answer<List<T>> all(
            Scheduler scheduler, String name, List<Callable<Answer<T>>> bodies)
            throws InterruptedException {
        CompletableFuture<Answer<T>> firstFailure = new CompletableFuture<>();
        List<Scheduler.Task<Answer<T>>> tasks = new ArrayList<>();
        List<CompletableFuture<?>> noted = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            Scheduler.Task<Answer<T>> task = scheduler.start(name + "-" + i, bodies.get(i));
            noted.add(
                    task.result()
                            .whenComplete(
                                    (answer, thrown) -> {
                                        if (thrown != null) {
                                            firstFailure.completeExceptionally(thrown);
                                        } else if (answer instanceof Answer.Failed<T>) {
                                            firstFailure.complete(answer);
                                        }
                                    }));
            tasks.add(task);
        }
        // Of what has been noted, not of the results: else the last to end might be forgotten if it
        // is the one that failed, for nobody promises in which order a future tells whom.
        CompletableFuture<Void> allEnded =
                CompletableFuture.allOf(noted.toArray(CompletableFuture<?>[]::new));
        try {
            Blocking.on(scheduler, CompletableFuture.anyOf(allEnded, firstFailure));
        } finally {
            tasks.forEach(Scheduler.Task::cancel);
            rest(scheduler, allEnded);
        }
        if (firstFailure.isDone()
                && Blocking.on(scheduler, firstFailure) instanceof Answer.Failed<T> failed) {
            return failed.as();
        }
        List<T> values = new ArrayList<>();
        for (Scheduler.Task<Answer<T>> task : tasks) {
            if (Blocking.on(scheduler, task.result()) instanceof Answer.Ok<T>(T value)) {
                values.add(value);
            }
        }
        return Answer.ok(values);
    }

    /** Waits until interrupted bodies have ended, so that nobody acts behind the caller's back. */
    static void rest(Scheduler scheduler, CompletableFuture<?> ended) throws InterruptedException {
        try {
            Blocking.on(
                    scheduler,
                    ended.<Object>handle((_, _) -> ended),
                    Deadline.after(scheduler, REST_MAX));
        } catch (TimeoutException stubborn) {
            throw new IllegalStateException("a body does not answer interruption", stubborn);
        }
    }
}
