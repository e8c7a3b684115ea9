package dev.spate.web;

import dev.spate.job.JobId;
import dev.spate.job.MachineId;
import dev.spate.job.Member;
import dev.spate.job.Pool;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * A machine in one line.
 *
 * @param id the machine
 * @param state a word: {@code pending}, {@code running}, {@code idle}, {@code ending}
 * @param pool market, type and zone
 * @param address where it is reached, once it has an address
 * @param launchedAt when it was launched, if that is known
 * @param leaseUntil when it ends by itself at the latest, by this worker's clock
 * @param usdPerHour what it costs, if that is known
 * @param costUsd what it has cost so far, if that is known
 * @param shard the shard whose jobs it serves
 * @param use for whom it is at present
 */
public record MachineRow(
        MachineId id,
        String state,
        Pool pool,
        Optional<String> address,
        Optional<Instant> launchedAt,
        Optional<Instant> leaseUntil,
        Optional<BigDecimal> usdPerHour,
        Optional<BigDecimal> costUsd,
        int shard,
        Optional<Use> use) {

    /** A member of a job. */
    public record Use(JobId job, Member member) {}
}
