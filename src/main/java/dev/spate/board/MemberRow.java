package dev.spate.board;

import dev.spate.job.MachineId;
import dev.spate.job.Member;
import dev.spate.job.Pool;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A member of a job, and its machine.
 *
 * @param member who
 * @param machine on which machine; empty while it is being launched
 * @param pool where that comes from
 * @param usdPerHour what it costs, if known
 * @param since when it became the member's, by the wall clock
 * @param exitCode 0 to 255; empty if the run has not ended, or not by itself
 */
public record MemberRow(
        Member member,
        Optional<MachineId> machine,
        Pool pool,
        Optional<BigDecimal> usdPerHour,
        Optional<Instant> since,
        OptionalInt exitCode) {}
