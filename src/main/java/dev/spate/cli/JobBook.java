package dev.spate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.board.JobFilter;
import dev.spate.job.JobId;
import java.util.List;
import java.util.Optional;

/**
 * Where jobs can be looked up. Jobs are JSON as the workers' HTTP API tells them. One thread at a
 * time; a {@link Refusal} says why nobody answers.
 */
sealed interface JobBook extends AutoCloseable permits JournalBook, ApiBook {

    /**
     * The jobs that are wanted, newest first.
     *
     * @param total how many there are without a limit
     * @param missing who did not contribute, for people to read: their jobs are not among these
     */
    record Selection(List<JsonNode> rows, long total, List<String> missing) {
        public Selection {
            rows = List.copyOf(rows);
            missing = List.copyOf(missing);
        }
    }

    /**
     * Jobs as they are now. Blocks for a quarter of a minute at most if nobody answers.
     *
     * @param filter one that begins with the newest
     */
    Selection list(JobFilter filter) throws InterruptedException;

    /** One job as it is now; empty if nobody knows it. */
    Optional<JsonNode> job(JobId id) throws InterruptedException;

    @Override
    void close();
}
