package dev.spate.engine;

import dev.spate.job.Durations;
import dev.spate.job.Ending;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import dev.spate.job.JobState;
import dev.spate.job.MemberResult;
import dev.spate.job.Outcome;
import dev.spate.job.Role;
import dev.spate.job.Spent;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes results. Pure. */
final class Report {

    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3_600);
    private static final int USD_DECIMALS = 6;

    private Report() {}

    /** What the machines of an attempt have cost by now, on top of what was spent before. */
    static Spent spent(Spent before, List<Hold> machines, Instant now) {
        Spent spent = before;
        for (Hold hold : machines) {
            Duration time = Duration.between(hold.since(), now);
            Duration paid = time.isNegative() ? Duration.ZERO : time;
            BigDecimal hours =
                    BigDecimal.valueOf(paid.toMillis(), 3)
                            .divide(SECONDS_PER_HOUR, 12, RoundingMode.HALF_UP);
            BigDecimal price = hold.launch().usdPerHour().orElse(BigDecimal.ZERO).multiply(hours);
            spent = spent.plusMachine(paid, price.setScale(USD_DECIMALS, RoundingMode.HALF_UP));
        }
        return spent;
    }

    /**
     * What comes of a job.
     *
     * @param record the job's last record before
     * @param members what came of each member that had a machine
     */
    static Ending ending(
            JobRecord record, Outcome outcome, Optional<Failure> why, List<MemberResult> members) {
        return new Ending(
                outcome,
                why,
                exitCode(record, members),
                record.state() instanceof JobState.Running running
                        ? Optional.of(running.startedAt())
                        : Optional.empty(),
                members.stream()
                        .map(
                                member ->
                                        new Ending.MemberEnding(
                                                member.member(),
                                                member.machine(),
                                                member.pool(),
                                                member.exitCode()))
                        .toList());
    }

    /**
     * The result of a job.
     *
     * @param record the job's last record before it is settled, but with everything spent
     * @param settled what it comes to
     * @param members what came of each member that had a machine
     */
    static JobResult of(JobRecord record, JobState.Settled settled, List<MemberResult> members) {
        Ending ending = settled.ending();
        boolean hasPrice = record.spent().usd().signum() > 0;
        return new JobResult(
                record.id(),
                settled.attempt(),
                ending.outcome(),
                ending.exitCode(),
                ending.error(),
                members,
                record.phases(),
                record.spent().machineTime(),
                hasPrice ? Optional.of(record.spent().usd()) : Optional.empty(),
                record.publishedAt(),
                ending.startedAt(),
                settled.at(),
                record.trace());
    }

    /** What is wrong with how the members that are not in the background ended. */
    static Optional<Failure> failure(Job job, List<MemberResult> members, boolean hasTimedOut) {
        if (hasTimedOut) {
            return Optional.of(
                    new Failure(
                            Failure.Kind.TIMEOUT,
                            "ran longer than its timeout of " + Durations.format(job.timeout())));
        }
        for (MemberResult member : members) {
            Role role = job.role(member.member().role());
            if (!role.isBackground() && member.exitCode().orElse(0) != 0) {
                return Optional.of(
                        new Failure(
                                Failure.Kind.JOB,
                                member.member() + " exited with " + member.exitCode().getAsInt()));
            }
        }
        return Optional.empty();
    }

    /**
     * The first that is not zero among the members that are not in the background; else zero, if
     * all have one.
     */
    private static OptionalInt exitCode(JobRecord record, List<MemberResult> members) {
        List<OptionalInt> codes =
                members.stream()
                        .filter(member -> !record.job().role(member.member().role()).isBackground())
                        .map(MemberResult::exitCode)
                        .toList();
        Optional<OptionalInt> failed =
                codes.stream().filter(code -> code.isPresent() && code.getAsInt() != 0).findFirst();
        if (failed.isPresent()) {
            return failed.get();
        }
        boolean allEnded = !codes.isEmpty() && codes.stream().allMatch(OptionalInt::isPresent);
        return allEnded ? OptionalInt.of(0) : OptionalInt.empty();
    }
}
