package dev.spate.kafka;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Another scheduler's time, of which some can be left out: as if the process had been stopped. */
final class SkippingScheduler implements Scheduler {

    private final Scheduler scheduler;
    private final AtomicLong skippedNanos = new AtomicLong();

    SkippingScheduler(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void skip(Duration time) {
        skippedNanos.addAndGet(time.toNanos());
    }

    @Override
    public Instant now() {
        return scheduler.now().plusNanos(skippedNanos.get());
    }

    @Override
    public long nanoTime() {
        return scheduler.nanoTime() + skippedNanos.get();
    }

    @Override
    public Timer schedule(Duration delay, Runnable action) {
        return scheduler.schedule(delay, action);
    }

    @Override
    public <T> Task<T> start(String name, Callable<T> body) {
        return scheduler.start(name, body);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        scheduler.sleep(duration);
    }

    @Override
    public <T> T await(CompletionStage<T> stage, Deadline deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        // The other's clock is behind this one's.
        return scheduler.await(stage, Deadline.after(scheduler, deadline.remaining(this)));
    }
}
