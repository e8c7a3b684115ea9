package dev.spate.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What came of a job, in short: what its result says without the output.
 *
 * @param outcome in a word
 * @param error why it is not {@link Outcome#SUCCEEDED}; also empty if the job was settled by a
 *     worker that did not record it yet
 * @param exitCode as the result has it
 * @param startedAt when the last attempt's run began
 * @param members one for each member that had a machine in that attempt; at most {@link
 *     Job#MACHINES_MAX}
 */
public record Ending(
        Outcome outcome,
        Optional<Failure> error,
        OptionalInt exitCode,
        Optional<Instant> startedAt,
        List<MemberEnding> members) {

    public Ending {
        members = List.copyOf(members);
        Bounds.require("members", members.size(), 0, Job.MACHINES_MAX);
    }

    /** Of a job that never had a machine. */
    public static Ending of(Outcome outcome, Optional<Failure> error) {
        return new Ending(outcome, error, OptionalInt.empty(), Optional.empty(), List.of());
    }

    /**
     * What came of one member.
     *
     * @param member who
     * @param machine on which machine
     * @param pool where that machine came from
     * @param exitCode 0 to 255; empty if the run did not end by itself or was never started
     */
    public record MemberEnding(Member member, MachineId machine, Pool pool, OptionalInt exitCode) {}
}
