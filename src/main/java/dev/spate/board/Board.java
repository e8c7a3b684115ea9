package dev.spate.board;

import dev.spate.job.JobId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of the jobs of a group. Each worker's board has those of some of the journal's
 * partitions, and knows whose board has the others.
 *
 * <p>Nothing here blocks for longer than it takes to look into memory.
 */
public interface Board {

    /** Nobody keeps a board here. */
    Board OFF = new NoBoard();

    /** How it is, and, if it is well, what it has. */
    State state();

    /** The addresses of the workers whose boards have jobs, this one's among them; sorted. */
    List<Peer> peers();

    /**
     * Whose board has the job, if it exists: follows from the id alone. Empty while that is not
     * known.
     */
    Optional<Peer> ownerOf(JobId id);

    /**
     * The shards whose jobs nobody can be asked for, because the worker that has them says that it
     * answers where another one does. Empty while that is not known.
     */
    Set<Integer> unreachable();

    /** How a board is. */
    sealed interface State {

        /**
         * It has all there is to know of its partitions.
         *
         * @param contents what it has; may be used for as long as one likes, but grows old
         */
        record Ready(Contents contents) implements State {}

        /**
         * It reads what it has missed, or workers come or go and partitions change hands.
         *
         * @param behindRecords how many records are still to be read, as far as that is known
         */
        record Restoring(long behindRecords) implements State {}

        /**
         * It has failed, or Kafka does not tell it anything; it is tried again by itself.
         *
         * @param why one line
         */
        record Failed(String why) implements State {}

        /** It is switched off, not begun yet, or closed. */
        record Stopped() implements State {}
    }
}
