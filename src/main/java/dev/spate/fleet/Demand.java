package dev.spate.fleet;

import dev.spate.job.Job;
import dev.spate.job.MachineSpec;
import dev.spate.job.Member;
import dev.spate.job.Role;
import java.time.Instant;
import java.util.List;

/**
 * A job's wish for machines.
 *
 * @param job whose
 * @param publishedAt tells it from an earlier job of the same id that is no longer remembered
 * @param attempt for which attempt
 * @param launches how many launches have been planned for the job before; makes the next token a
 *     new one
 */
public record Demand(Job job, Instant publishedAt, int attempt, int launches) {

    /** What each member needs. */
    List<Place> places() {
        return job.members().stream()
                .map(member -> new Place(member, job.role(member.role())))
                .toList();
    }

    /** One member's part of the wish. */
    record Place(Member member, Role role) {
        MachineSpec spec() {
            return role.machine();
        }
    }
}
