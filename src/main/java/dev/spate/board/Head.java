package dev.spate.board;

import dev.spate.job.Hold;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.Outcome;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What lists and sums look at in a job.
 *
 * @param machines how many machines it has now
 * @param usdPerHour what those cost, as far as prices are known
 */
record Head(
        JobId id,
        String profile,
        Instant publishedAt,
        Instant updatedAt,
        long sequence,
        Stage stage,
        Optional<Outcome> outcome,
        int machines,
        BigDecimal usdPerHour) {

    static Head of(JobRecord record, Instant updatedAt) {
        List<Hold> machines = record.state().machines();
        return new Head(
                record.id(),
                record.job().profile(),
                record.publishedAt(),
                updatedAt,
                record.sequence(),
                Stage.of(record.state()),
                record.state().endingIfSettled().map(ending -> ending.outcome()),
                machines.size(),
                machines.stream()
                        .flatMap(hold -> hold.launch().usdPerHour().stream())
                        .reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    Position position() {
        return new Position(publishedAt, id);
    }

    boolean isReleased() {
        return stage == Stage.RELEASED;
    }
}
