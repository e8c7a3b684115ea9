package dev.spate.job;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What came of one member.
 *
 * @param member who
 * @param machine on which machine
 * @param pool where that machine came from
 * @param exitCode 0 to 255; empty if the run did not end by itself or was never started
 * @param out standard output
 * @param err standard error
 * @param outputs the declared outputs that were fetched
 */
public record MemberResult(
        Member member,
        MachineId machine,
        Pool pool,
        OptionalInt exitCode,
        Captured out,
        Captured err,
        List<OutputFile> outputs) {

    public MemberResult {
        outputs = List.copyOf(outputs);
    }

    /** The zone, if the cloud has told. */
    public Optional<String> zone() {
        return pool.zone();
    }
}
