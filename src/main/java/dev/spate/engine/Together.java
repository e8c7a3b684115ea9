package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Does the same for several members at once, each on a virtual thread of its own. */
final class Together {

    private Together() {}

    /**
     * All values in order, or the first failure: then, and when the caller is interrupted, the
     * others are interrupted. Returns when all have ended.
     */
    static <T> Answer<List<T>> all(
            Scheduler scheduler, String name, List<Callable<Answer<T>>> bodies)
            throws InterruptedException {
        CompletableFuture<Answer<T>> firstFailure = new CompletableFuture<>();
        List<Scheduler.Task<Answer<T>>> tasks = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            Scheduler.Task<Answer<T>> task = scheduler.start(name + "-" + i, bodies.get(i));
            var _ =
                    task.result()
                            .whenComplete(
                                    (answer, thrown) -> {
                                        if (thrown != null) {
                                            firstFailure.completeExceptionally(thrown);
                                        } else if (answer instanceof Answer.Failed<T>) {
                                            firstFailure.complete(answer);
                                        }
                                    });
            tasks.add(task);
        }
        CompletableFuture<?>[] results =
                tasks.stream().map(Scheduler.Task::result).toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> allEnded = CompletableFuture.allOf(results);
        try {
            await(scheduler, CompletableFuture.anyOf(allEnded, firstFailure));
        } finally {
            tasks.forEach(Scheduler.Task::cancel);
        }
        awaitEnd(scheduler, allEnded);
        if (firstFailure.isDone()
                && await(scheduler, firstFailure) instanceof Answer.Failed<T> failed) {
            return failed.as();
        }
        List<T> values = new ArrayList<>();
        for (Scheduler.Task<Answer<T>> task : tasks) {
            if (await(scheduler, task.result()) instanceof Answer.Ok<T>(T value)) {
                values.add(value);
            }
        }
        return Answer.ok(values);
    }

    private static void awaitEnd(Scheduler scheduler, CompletableFuture<Void> allEnded)
            throws InterruptedException {
        await(scheduler, allEnded.exceptionally(_ -> null));
    }

    /** Waits for what does not fail but by a bug, which is thrown. */
    static <T> T await(Scheduler scheduler, CompletableFuture<T> future)
            throws InterruptedException {
        try {
            return scheduler.await(future, Deadline.NEVER);
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case RuntimeException bug -> throw bug;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(failed.getCause());
            }
        } catch (TimeoutException impossible) {
            throw new IllegalStateException("never is never over", impossible);
        }
    }
}
