package dev.spate.board;

import dev.spate.job.JobId;
import java.time.Instant;
import java.util.Comparator;

/**
 * A job's place in lists.
 *
 * @param publishedAt when Kafka took its message
 * @param id decides between jobs of the same instant
 */
public record Position(Instant publishedAt, JobId id) {

    /** By publication, then by id, both descending. */
    public static final Comparator<Position> NEWEST_FIRST =
            Comparator.comparing(Position::publishedAt).thenComparing(Position::id).reversed();
}
