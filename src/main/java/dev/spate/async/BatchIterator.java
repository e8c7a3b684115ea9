package dev.spate.async;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Gathers elements that arrive one by one, or in bursts, into batches.
 *
 * <ul>
 *   <li>A batch is cut when it holds {@link Limits#size} elements or {@link Limits#bytesMax} bytes,
 *       or when its first element has waited for {@link Limits#linger}; whichever comes first. The
 *       linger passes whether or not anyone asks for the batch. An element larger than {@code
 *       bytesMax} travels alone.
 *   <li>A linger of zero means: as soon as somebody asks. What arrives while nobody does shares a
 *       batch.
 *   <li>Up to {@link Limits#prefetch} finished batches wait to be asked for. When that many do, the
 *       source is told to {@linkplain Pressure#pause pause}; when half of them or fewer are left,
 *       to resume. What it offers in between is taken all the same.
 *   <li>Every element taken is delivered exactly once, in order, whatever becomes of the futures
 *       that {@link #next} returned.
 *   <li>Memory: at most {@code prefetch + 2} batches (the waiting, the open and the handed-over
 *       one), and what the source offers after it was told to pause.
 * </ul>
 *
 * <p>Any number of threads may offer; one at a time asks. Nothing blocks, and no code of the
 * caller's runs while a lock is held. A future's dependents run on the thread that offered or
 * closed, on the asking one, or on the scheduler's timer thread: they must be short and not block.
 *
 * @param <T> the elements
 */
public final class BatchIterator<T> implements AsyncIterator<Batch<T>> {

    private final Limits limits;
    private final long lingerNanos;
    private final ToLongFunction<? super T> sizeOf;
    private final Scheduler scheduler;
    private final PressureGauge pressure;

    private final ReentrantLock lock = new ReentrantLock();

    // All below are guarded by the lock.
    private final Deque<Batch<T>> finished = new ArrayDeque<>();
    private List<T> open = new ArrayList<>();
    private long openBytes;
    private long openedAtNanos;
    private @Nullable CompletableFuture<Optional<Batch<T>>> question;
    private @Nullable Handover<T> handover;
    private Scheduler.@Nullable Timer timer;
    private boolean isClosed;
    private @Nullable Throwable failure;

    /**
     * @param sizeOf an element's size in bytes, at least 0; called once for each element, by the
     *     thread that offers it
     * @param scheduler for the linger
     * @param pressure told when to stop and go on offering
     */
    public BatchIterator(
            Limits limits,
            ToLongFunction<? super T> sizeOf,
            Scheduler scheduler,
            Pressure pressure) {
        this.limits = limits;
        this.lingerNanos = limits.linger.toNanos();
        this.sizeOf = sizeOf;
        this.scheduler = scheduler;
        this.pressure = new PressureGauge(pressure, limits.prefetch);
    }

    /**
     * Adds an element. Never blocks.
     *
     * @return false if this iterator is closed; the element is then not taken
     */
    public boolean offer(T element) {
        return add(List.of(element), new long[] {measure(element)});
    }

    /**
     * Adds elements in the order of the collection: all of them, or none if measuring one fails.
     * Much cheaper than one by one. Never blocks.
     *
     * @return false if this iterator is closed; no element is then taken
     */
    public boolean offerAll(Collection<? extends T> elements) {
        // Copied and measured before the lock: both are the caller's code.
        List<T> burst = new ArrayList<>(elements);
        long[] sizes = new long[burst.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = measure(burst.get(i));
        }
        return add(burst, sizes);
    }

    /**
     * Ends the sequence with a failure, once all elements that came before are delivered. Does
     * nothing if this iterator is closed. Never blocks.
     */
    public void fail(Throwable cause) {
        end(cause);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The last batch is cut at once, without waiting for its linger.
     */
    @Override
    public void close() {
        end(null);
    }

    @Override
    public CompletableFuture<Optional<Batch<T>>> next() {
        CompletableFuture<Optional<Batch<T>>> asked;
        lock.lock();
        try {
            settle();
            if (handover != null || (question != null && !question.isDone())) {
                throw new IllegalStateException("next: the call before is still pending");
            }
            question = null;
            cutIfDue();
            @Nullable Batch<T> batch = finished.pollFirst();
            if (batch != null) {
                asked = CompletableFuture.completedFuture(Optional.of(batch));
            } else {
                asked = new CompletableFuture<>();
                if (isClosed) {
                    tellEnd(asked, failure);
                } else {
                    question = asked;
                }
            }
            pressure.measure(finished.size());
        } finally {
            lock.unlock();
        }
        pressure.tell();
        return asked;
    }

    /** How many finished batches wait to be asked for; for metrics. */
    public int prefetched() {
        lock.lock();
        try {
            return finished.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes are held: in finished batches, and in the one that is being filled. */
    public long heldBytes() {
        lock.lock();
        try {
            return openBytes + finished.stream().mapToLong(Batch::bytes).sum();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the source is, or is about to be, told to pause; for metrics. */
    public boolean isPaused() {
        return pressure.isPaused();
    }

    private boolean add(List<T> elements, long[] sizes) {
        long nowNanos = scheduler.nanoTime();
        @Nullable Handover<T> answer;
        lock.lock();
        try {
            if (isClosed) {
                return false;
            }
            for (int i = 0; i < sizes.length; i++) {
                append(elements.get(i), sizes[i], nowNanos);
            }
            armTimer(nowNanos);
            answer = prepareAnswer();
        } finally {
            lock.unlock();
        }
        deliver(answer);
        return true;
    }

    private void append(T element, long bytes, long nowNanos) {
        // Compared by subtraction: a sum of sizes near Long.MAX_VALUE would overflow.
        if (!open.isEmpty() && bytes > limits.bytesMax - openBytes) {
            cut(Batch.Cut.BYTES);
        }
        if (open.isEmpty()) {
            openedAtNanos = nowNanos;
        }
        open.add(element);
        openBytes += bytes;
        if (open.size() >= limits.size) {
            cut(Batch.Cut.SIZE);
        } else if (openBytes >= limits.bytesMax) {
            cut(Batch.Cut.BYTES);
        }
    }

    private void cut(Batch.Cut reason) {
        int count = open.size();
        finished.addLast(new Batch<>(Collections.unmodifiableList(open), openBytes, reason));
        // The next batch is probably as long as this one: no growing, no waste.
        open = new ArrayList<>(count);
        openBytes = 0;
    }

    private void cutIfDue() {
        if (!open.isEmpty()
                && finished.isEmpty()
                && scheduler.nanoTime() - openedAtNanos >= lingerNanos) {
            cut(Batch.Cut.LINGER);
        }
    }

    /**
     * At most one timer is set at any time, whatever the number of batches: a later batch is due
     * later, so a timer set for an earlier one comes in time to be set again.
     */
    private void armTimer(long nowNanos) {
        if (timer == null && !open.isEmpty() && lingerNanos > 0) {
            Duration wait = Duration.ofNanos(openedAtNanos + lingerNanos - nowNanos);
            timer = scheduler.schedule(wait, this::onTimer);
        }
    }

    private void onTimer() {
        @Nullable Handover<T> answer;
        lock.lock();
        try {
            timer = null;
            long nowNanos = scheduler.nanoTime();
            if (!open.isEmpty() && nowNanos - openedAtNanos >= lingerNanos) {
                cut(Batch.Cut.LINGER);
            }
            armTimer(nowNanos);
            answer = prepareAnswer();
        } finally {
            lock.unlock();
        }
        deliver(answer);
    }

    private void end(@Nullable Throwable cause) {
        @Nullable Handover<T> answer;
        @Nullable CompletableFuture<Optional<Batch<T>>> unanswered = null;
        lock.lock();
        try {
            if (isClosed) {
                return;
            }
            isClosed = true;
            failure = cause;
            pressure.close();
            if (timer != null) {
                timer.cancel();
            }
            if (!open.isEmpty()) {
                cut(Batch.Cut.CLOSE);
            }
            answer = prepareAnswer();
            if (answer == null) {
                unanswered = question;
                question = null;
            }
        } finally {
            lock.unlock();
        }
        deliver(answer);
        if (unanswered != null) {
            tellEnd(unanswered, cause);
        }
    }

    /** Takes the question and the first finished batch together, if there are both. */
    private @Nullable Handover<T> prepareAnswer() {
        if (question != null && question.isDone()) {
            question = null; // withdrawn
        }
        if (question != null) {
            cutIfDue();
            @Nullable Batch<T> batch = finished.pollFirst();
            if (batch != null) {
                handover = new Handover<>(question, Optional.of(batch));
                question = null;
                pressure.measure(finished.size());
                return handover;
            }
        }
        pressure.measure(finished.size());
        return null;
    }

    /** Answers outside the lock, because the future's dependents run here. */
    private void deliver(@Nullable Handover<T> answer) {
        pressure.tell();
        if (answer == null) {
            return;
        }
        answer.complete();
        lock.lock();
        try {
            settle();
            pressure.measure(finished.size());
        } finally {
            lock.unlock();
        }
        pressure.tell();
    }

    /**
     * Forgets the hand-over once its outcome is known: a batch whose question was withdrawn at the
     * last moment becomes the first of the finished ones again. Done by whoever comes first, the
     * thread that answered or the next to ask.
     */
    private void settle() {
        if (handover != null && handover.isDecided()) {
            if (!handover.wasAccepted()) {
                finished.addFirst(handover.batch());
            }
            handover = null;
        }
    }

    private static <T> void tellEnd(
            CompletableFuture<Optional<Batch<T>>> asked, @Nullable Throwable failure) {
        if (failure == null) {
            asked.complete(Optional.empty());
        } else {
            asked.completeExceptionally(failure);
        }
    }

    private long measure(T element) {
        long bytes = sizeOf.applyAsLong(element);
        if (bytes < 0) {
            throw new IllegalArgumentException("sizeOf: expected at least 0, found " + bytes);
        }
        return bytes;
    }

    /**
     * When a batch is cut, and how many may wait.
     *
     * @param size the most elements in a batch, at least 1
     * @param bytesMax the most bytes in a batch, at least 1; a larger element travels alone
     * @param linger the longest time the first element of a batch waits for others, from zero to
     *     {@link #LINGER_MAX}
     * @param prefetch how many finished batches may wait before the source is told to pause, at
     *     least 1
     */
    public record Limits(int size, long bytesMax, Duration linger, int prefetch) {

        /** Beyond this it is no longer a batch that is waited for, but a schedule. */
        public static final Duration LINGER_MAX = Duration.ofHours(1);

        public Limits {
            requireAtLeastOne("size", size);
            requireAtLeastOne("bytesMax", bytesMax);
            requireAtLeastOne("prefetch", prefetch);
            if (linger.isNegative() || linger.compareTo(LINGER_MAX) > 0) {
                throw new IllegalArgumentException(
                        "linger: expected PT0S to " + LINGER_MAX + ", found " + linger);
            }
        }

        private static void requireAtLeastOne(String field, long value) {
            if (value < 1) {
                throw new IllegalArgumentException(field + ": expected at least 1, found " + value);
            }
        }
    }

    /**
     * A source that can be told to stop offering for a while.
     *
     * <p>Calls alternate, beginning with {@code pause}, never overlap, and end with {@link #close}:
     * a paused source is not told to resume any more. They come from whichever thread offered,
     * asked or let the linger pass, and must return at once, without throwing.
     */
    public interface Pressure {

        /** Please stop offering. What is offered nevertheless is taken, and kept in memory. */
        void pause();

        /** There is room again. */
        void resume();

        /** A source that is bounded in some other way. */
        static Pressure none() {
            return new Pressure() {
                @Override
                public void pause() {}

                @Override
                public void resume() {}
            };
        }
    }
}
