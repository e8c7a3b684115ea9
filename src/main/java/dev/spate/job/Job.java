package dev.spate.job;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What somebody asked for: profiles resolved and defaults filled in.
 *
 * @param id the job's name
 * @param profile the name of the profile it was made with
 * @param roles at least one, at least one of them not in the background; no two of the same name
 * @param timeout how long an attempt may run on the machine, from start to end; 1 s to 7 days
 * @param patience how long the job may wait for machines in all before it is given up; at most 7
 *     days
 * @param retries how often it may be tried again
 * @param mayReuse whether its machines may have served a job before, and may serve another after
 * @param isLogged whether what it writes is published while it runs
 */
public record Job(
        JobId id,
        String profile,
        List<Role> roles,
        Duration timeout,
        Duration patience,
        Retries retries,
        boolean mayReuse,
        boolean isLogged) {

    /** The most machines a job has, over all roles. */
    public static final int MACHINES_MAX = 200;

    private static final int ROLES_MAX = 20;
    private static final Duration TIME_MAX = Duration.ofDays(7);

    public Job {
        roles = List.copyOf(roles);
        if (roles.isEmpty() || roles.size() > ROLES_MAX) {
            throw new IllegalArgumentException(
                    "roles: expected 1 to " + ROLES_MAX + ", found " + roles.size());
        }
        Set<RoleName> names = new HashSet<>();
        for (Role role : roles) {
            if (!names.add(role.name())) {
                throw new IllegalArgumentException("roles: " + role.name() + " appears twice");
            }
        }
        if (roles.stream().allMatch(Role::isBackground)) {
            throw new IllegalArgumentException(
                    "roles: expected at least one that is not background, found none");
        }
        int machines = roles.stream().mapToInt(Role::count).sum();
        if (machines > MACHINES_MAX) {
            throw new IllegalArgumentException(
                    "roles: expected at most "
                            + MACHINES_MAX
                            + " machines in all, found "
                            + machines);
        }
        requireBetween("timeout", timeout, Duration.ofSeconds(1));
        requireBetween("patience", patience, Duration.ZERO);
    }

    /** Every member of every role, roles in order, indexes ascending. */
    public List<Member> members() {
        return roles.stream()
                .flatMap(
                        role ->
                                IntStream.range(0, role.count())
                                        .mapToObj(index -> new Member(role.name(), index)))
                .toList();
    }

    /** The role of that name. */
    public Role role(RoleName name) {
        return roles.stream()
                .filter(role -> role.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "role: " + name + " is not one of job " + id));
    }

    /** The specs of its machines, without repetition. */
    public Stream<MachineSpec> machines() {
        return roles.stream().map(Role::machine).distinct();
    }

    private static void requireBetween(String field, Duration value, Duration min) {
        if (value.compareTo(min) < 0 || value.compareTo(TIME_MAX) > 0) {
            throw new IllegalArgumentException(
                    field
                            + ": expected "
                            + Durations.format(min)
                            + " to "
                            + Durations.format(TIME_MAX)
                            + ", found "
                            + Durations.format(value));
        }
    }
}
