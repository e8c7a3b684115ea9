package dev.spate.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.JobId;
import dev.spate.job.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Output that was laid down: {@link #write} a piece, and whoever reads the job gets it. Safe for
 * any thread.
 */
public final class InMemoryOutput implements LiveOutput {

    private final Scheduler scheduler;

    // Guarded by this.
    private final Map<JobId, List<Piece>> pieces = new HashMap<>();
    private CompletableFuture<Void> more = new CompletableFuture<>();

    public InMemoryOutput(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * The member writes text.
     *
     * @param stream {@code stdout} or {@code stderr}
     */
    public void write(JobId job, Member member, int attempt, String stream, String text) {
        write(job, member, attempt, stream, text.getBytes(UTF_8));
    }

    /** The member writes bytes. */
    public synchronized void write(
            JobId job, Member member, int attempt, String stream, byte[] bytes) {
        long offset = 0;
        for (Piece piece : pieces.getOrDefault(job, List.of())) {
            if (piece instanceof Piece.Chunk chunk
                    && chunk.member().equals(member)
                    && chunk.attempt() == attempt
                    && chunk.stream().equals(stream)) {
                offset = chunk.offset() + chunk.bytes().length;
            }
        }
        add(job, new Piece.Chunk(member, attempt, stream, offset, bytes));
    }

    /** A gap or a cap is told of. */
    public synchronized void add(JobId job, Piece piece) {
        pieces.computeIfAbsent(job, _ -> new ArrayList<>()).add(piece);
        more.complete(null);
        more = new CompletableFuture<>();
    }

    @Override
    public Reading read(JobId job, int shard, Instant publishedAt) {
        return new Reader(job);
    }

    private synchronized List<Piece> from(JobId job, int index) {
        List<Piece> all = pieces.getOrDefault(job, List.of());
        return List.copyOf(all.subList(Math.min(index, all.size()), all.size()));
    }

    private synchronized CompletableFuture<Void> more() {
        return more;
    }

    private final class Reader implements Reading {

        private final JobId job;
        private int index;

        Reader(JobId job) {
            this.job = job;
        }

        @Override
        public List<Piece> next(Duration patience) throws InterruptedException {
            CompletableFuture<Void> changed = more();
            List<Piece> found = from(job, index);
            if (found.isEmpty()) {
                try {
                    scheduler.await(changed, Deadline.after(scheduler, patience));
                } catch (TimeoutException nothing) {
                    return List.of();
                } catch (ExecutionException impossible) {
                    throw new IllegalStateException(impossible);
                }
                found = from(job, index);
            }
            index += found.size();
            return found;
        }

        @Override
        public void noMoreComes() {}

        @Override
        public boolean isAtEnd() {
            return from(job, index).isEmpty();
        }

        @Override
        public void close() {}
    }
}
