package dev.spate.ec2;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Remembers what EC2 said of images, types and prices, for a while. Whoever asks first asks EC2,
 * for all it does not know at once; whoever asks for the same meanwhile waits for that answer.
 * Failures are not remembered; that something does not exist is.
 *
 * @param <V> what is known of a name
 */
final class Memory<V> {

    /** Names remembered at most; the longest known are forgotten first. */
    private static final int ENTRIES_MAX = 2_000;

    private final Scheduler scheduler;
    private final Duration timeToLive;
    private final Source<V> source;

    /** Guarded by this; in the order of asking. */
    private final LinkedHashMap<String, Entry<V>> entries = new LinkedHashMap<>();

    /** Where answers come from. */
    interface Source<V> {
        /** What is known of the names; one that does not exist is missing from the answer. */
        Answer<Map<String, V>> ask(Set<String> names, Deadline deadline)
                throws InterruptedException;
    }

    private record Entry<V>(CompletableFuture<Answer<Optional<V>>> answer, long askedAtNanos) {}

    Memory(Scheduler scheduler, Duration timeToLive, Source<V> source) {
        this.scheduler = scheduler;
        this.timeToLive = timeToLive;
        this.source = source;
    }

    /** What is known of the names; one that does not exist is missing from the answer. */
    Answer<Map<String, V>> get(Set<String> names, Deadline deadline) throws InterruptedException {
        Map<String, CompletableFuture<Answer<Optional<V>>>> mine = new LinkedHashMap<>();
        Map<String, CompletableFuture<Answer<Optional<V>>>> all = claim(names, mine);
        if (!mine.isEmpty()) {
            ask(mine, deadline);
        }
        Map<String, V> known = new HashMap<>();
        for (var one : all.entrySet()) {
            switch (await(one.getValue(), deadline)) {
                case Answer.Ok<Optional<V>>(Optional<V> value) ->
                        value.ifPresent(found -> known.put(one.getKey(), found));
                case Answer.Failed<Optional<V>> failed -> {
                    return failed.as();
                }
            }
        }
        return Answer.ok(known);
    }

    /** All answers; those nobody has asked for lately are also put into {@code mine}. */
    private synchronized Map<String, CompletableFuture<Answer<Optional<V>>>> claim(
            Set<String> names, Map<String, CompletableFuture<Answer<Optional<V>>>> mine) {
        long nowNanos = scheduler.nanoTime();
        Map<String, CompletableFuture<Answer<Optional<V>>>> all = new HashMap<>();
        for (String name : names) {
            Entry<V> entry = entries.get(name);
            if (entry == null || nowNanos - entry.askedAtNanos() > timeToLive.toNanos()) {
                entry = new Entry<>(new CompletableFuture<>(), nowNanos);
                entries.remove(name);
                entries.put(name, entry);
                mine.put(name, entry.answer());
            }
            all.put(name, entry.answer());
        }
        while (entries.size() > ENTRIES_MAX) {
            entries.pollFirstEntry();
        }
        return all;
    }

    private void ask(Map<String, CompletableFuture<Answer<Optional<V>>>> mine, Deadline deadline)
            throws InterruptedException {
        // Whoever waits for this must hear of it even if this thread is interrupted.
        Answer<Map<String, V>> answer =
                Answer.failed(Failure.Kind.INFRASTRUCTURE, "EC2: the look-up was given up");
        try {
            answer = source.ask(Set.copyOf(mine.keySet()), deadline);
        } finally {
            if (answer instanceof Answer.Failed<Map<String, V>>) {
                forget(mine.keySet());
            }
            Answer<Map<String, V>> told = answer;
            mine.forEach(
                    (name, waiting) ->
                            waiting.complete(
                                    told.map(found -> Optional.ofNullable(found.get(name)))));
        }
    }

    /** Asks again for these, whenever somebody wants to know. */
    synchronized void forget(Set<String> names) {
        entries.keySet().removeAll(names);
    }

    private Answer<Optional<V>> await(
            CompletableFuture<Answer<Optional<V>>> answer, Deadline deadline)
            throws InterruptedException {
        try {
            return scheduler.await(answer, deadline);
        } catch (TimeoutException late) {
            return Answer.failed(Failure.Kind.INFRASTRUCTURE, "EC2 did not answer in time");
        } catch (ExecutionException | CancellationException impossible) {
            throw new IllegalStateException("nobody fails these futures", impossible);
        }
    }
}
