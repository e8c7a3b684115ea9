package dev.spate.kafka;

import dev.spate.job.Member;
import dev.spate.job.StreamName;

/**
 * What a reader of a job's output is told, in order for each stream of each member. An attempt
 * takes the place of those before it.
 */
public sealed interface LogPiece {

    Member member();

    int attempt();

    StreamName stream();

    /**
     * The next bytes of a stream.
     *
     * @param offset of the first of them, from the start of the stream
     * @param bytes at least one; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Chunk(Member member, int attempt, StreamName stream, long offset, byte[] bytes)
            implements LogPiece {}

    /**
     * Bytes that are missing: they were not published, or are deleted already.
     *
     * @param from the offset of the first
     * @param to the offset behind the last
     */
    record Gap(Member member, int attempt, StreamName stream, long from, long to)
            implements LogPiece {}

    /**
     * There is more than is published.
     *
     * @param offset of the first byte that is not
     */
    record Capped(Member member, int attempt, StreamName stream, long offset) implements LogPiece {}
}
