package dev.spate.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Many seeds, one after another, on as many threads as are wanted. */
final class Campaign {

    /** So many seeds are taken at a time by a thread. */
    private static final int PORTION = 50;

    private final Mutation mutation;
    private final boolean endsWithFirst;

    /**
     * @param endsWithFirst whether one failing seed is enough
     */
    Campaign(Mutation mutation, boolean endsWithFirst) {
        this.mutation = mutation;
        this.endsWithFirst = endsWithFirst;
    }

    /**
     * Runs seeds. Blocks until all are done.
     *
     * @param from the first seed
     * @param count how many
     * @param threads how many at a time
     * @param progress told now and then how many are done
     */
    Tally run(long from, long count, int threads, LongConsumer progress)
            throws InterruptedException {
        AtomicLong next = new AtomicLong(from);
        AtomicLong done = new AtomicLong();
        AtomicBoolean isOver = new AtomicBoolean();
        List<Callable<Tally>> parts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            parts.add(
                    () -> {
                        Tally tally = new Tally();
                        while (!isOver.get()) {
                            long first = next.getAndAdd(PORTION);
                            long end = Math.min(first + PORTION, from + count);
                            if (first >= end) {
                                break;
                            }
                            for (long seed = first; seed < end && !isOver.get(); seed++) {
                                Simulation.Outcome outcome = Simulation.run(seed, mutation);
                                tally.add(outcome);
                                if (endsWithFirst && !outcome.breaches().isEmpty()) {
                                    isOver.set(true);
                                }
                            }
                            progress.accept(done.addAndGet(end - first));
                        }
                        return tally;
                    });
        }
        Tally all = new Tally();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (Future<Tally> part : pool.invokeAll(parts)) {
                all.add(part.get());
            }
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug.getCause());
        }
        return all;
    }
}
