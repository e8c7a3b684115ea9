package dev.spate.web;

import dev.spate.job.JobId;
import dev.spate.job.Member;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What runs write, while they run. Safe for any thread. */
public interface LiveOutput {

    /**
     * Begins to read what a job has written and goes on writing. Blocks for seconds at most.
     *
     * @param shard the job's partition of the journal
     * @param publishedAt when the job was published
     * @throws IOException if it cannot be read; the message says why
     */
    Reading read(JobId job, int shard, Instant publishedAt)
            throws IOException, InterruptedException;

    /** A job's output as it is read. One thread at a time. */
    interface Reading extends AutoCloseable {

        /**
         * The next pieces, in order for each stream of each member.
         *
         * @param patience how long to wait for one
         * @return none if nothing came
         * @throws IOException if it cannot be read any more; the message says why
         */
        List<Piece> next(Duration patience) throws IOException, InterruptedException;

        /** The job writes no more: {@link #isAtEnd} tells when all of it was read. */
        void noMoreComes() throws IOException, InterruptedException;

        /** Whether all has been read that was there when {@link #noMoreComes} was called. */
        boolean isAtEnd() throws IOException;

        @Override
        void close();
    }

    /** A piece of one stream of one member. */
    sealed interface Piece {

        Member member();

        int attempt();

        /** {@code stdout} or {@code stderr}. */
        String stream();

        /**
         * The next bytes.
         *
         * @param offset of the first of them
         */
        @SuppressWarnings("ArrayRecordComponent") // compared by nobody
        record Chunk(Member member, int attempt, String stream, long offset, byte[] bytes)
                implements Piece {}

        /**
         * There is more than is published.
         *
         * @param offset of the first byte that is not
         */
        record Capped(Member member, int attempt, String stream, long offset) implements Piece {}

        /**
         * Bytes that are missing.
         *
         * @param from the offset of the first
         * @param to the offset behind the last
         */
        record Gap(Member member, int attempt, String stream, long from, long to)
                implements Piece {}
    }
}
