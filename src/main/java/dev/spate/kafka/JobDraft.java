package dev.spate.kafka;

import dev.spate.job.Durations;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.Market;
import dev.spate.job.Retries;
import dev.spate.job.Role;
import dev.spate.job.RoleName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a message, or a profile, says of a job. Drafts are laid over one another, and become a job
 * when nothing is left open.
 *
 * @param shared what stands beside the roles: the default for each
 * @param roles by name, in the message's order
 */
record JobDraft(
        RoleDraft shared,
        Map<RoleName, RoleDraft> roles,
        Optional<Duration> timeout,
        Optional<Duration> patience,
        Optional<Integer> retriesLost,
        Optional<Integer> retriesFailed,
        Optional<Boolean> reuse,
        Optional<Boolean> logs) {

    /** The fields that a profile may have too. */
    static final Set<String> PROFILE_FIELDS =
            Stream.concat(
                            RoleDraft.SHARED_FIELDS.stream(),
                            Stream.of("roles", "timeout", "patience", "retries", "reuse", "logs"))
                    .collect(Collectors.toUnmodifiableSet());

    /** The fields of a message. */
    static final Set<String> MESSAGE_FIELDS =
            Stream.concat(PROFILE_FIELDS.stream(), Stream.of("id", "profile"))
                    .collect(Collectors.toUnmodifiableSet());

    /** What holds if neither the message nor its profile says anything. */
    static final JobDraft BUILT_IN =
            new JobDraft(
                    new RoleDraft(
                            Optional.of(1),
                            Optional.of(false),
                            new MachineDraft(
                                    Optional.of("ubuntu-24.04"),
                                    Optional.of(List.of("t3.small", "t3.medium")),
                                    Optional.of(Market.ON_DEMAND),
                                    Optional.empty(),
                                    Optional.empty()),
                            Optional.empty(),
                            Optional.empty(),
                            Collections.emptySortedMap(),
                            Optional.of(List.of()),
                            Optional.of(List.of())),
                    Map.of(),
                    Optional.of(Duration.ofHours(1)),
                    Optional.of(Duration.ofHours(1)),
                    Optional.of(2),
                    Optional.of(0),
                    Optional.of(true),
                    Optional.of(true));

    private static final Set<String> RETRIES_FIELDS = Set.of("lost", "failed");
    private static final int RETRIES_MAX = 10;

    /**
     * Reads a message or a profile; whoever calls has looked at the fields' names, and asks what
     * has been noted.
     */
    static JobDraft read(Place place) {
        Optional<Place> retries = place.field("retries", r -> r.object(RETRIES_FIELDS));
        return new JobDraft(
                RoleDraft.readShared(place),
                place.field("roles", JobDraft::readRoles).orElse(Map.of()),
                place.field("timeout", timeout -> timeout.text(JobDraft::readTimeout)),
                place.field("patience", patience -> patience.text(Durations::parse)),
                retries.flatMap(r -> r.field("lost", n -> n.wholeNumber(0, RETRIES_MAX))),
                retries.flatMap(r -> r.field("failed", n -> n.wholeNumber(0, RETRIES_MAX))),
                place.field("reuse", Place::flag),
                place.field("logs", Place::flag));
    }

    /** The same, and what it leaves open from the defaults. */
    JobDraft over(JobDraft defaults) {
        Map<RoleName, RoleDraft> merged = new LinkedHashMap<>(roles);
        defaults.roles.forEach((name, role) -> merged.merge(name, role, RoleDraft::over));
        return new JobDraft(
                shared.over(defaults.shared),
                merged,
                timeout.or(defaults::timeout),
                patience.or(defaults::patience),
                retriesLost.or(defaults::retriesLost),
                retriesFailed.or(defaults::retriesFailed),
                reuse.or(defaults::reuse),
                logs.or(defaults::logs));
    }

    /**
     * The job, once nothing is left open.
     *
     * @throws BadMessage if something is, or if the parts do not go together
     */
    Job job(JobId id, String profile) {
        List<Role> all = new ArrayList<>();
        if (roles.isEmpty()) {
            all.add(role("", RoleName.MAIN, shared));
        }
        Mistakes mistakes = new Mistakes();
        roles.forEach(
                (name, role) ->
                        mistakes.noting(() -> role("roles." + name, name, role.over(shared)))
                                .ifPresent(all::add));
        mistakes.requireNone();
        try {
            return new Job(
                    id,
                    profile,
                    all,
                    timeout.orElseThrow(),
                    patience.orElseThrow(),
                    new Retries(retriesLost.orElseThrow(), retriesFailed.orElseThrow()),
                    reuse.orElseThrow(),
                    logs.orElseThrow());
        } catch (IllegalArgumentException invalid) {
            throw new BadMessage("", String.valueOf(invalid.getMessage()));
        }
    }

    private static Role role(String path, RoleName name, RoleDraft draft) {
        String machinePath = path.isEmpty() ? "machine" : path + ".machine";
        try {
            draft.machine().machine();
        } catch (IllegalArgumentException invalid) {
            throw new BadMessage("", machinePath + "." + invalid.getMessage());
        }
        try {
            return draft.role(name);
        } catch (IllegalArgumentException invalid) {
            throw new BadMessage(
                    "", (path.isEmpty() ? "" : path + ".") + String.valueOf(invalid.getMessage()));
        }
    }

    private static Map<RoleName, RoleDraft> readRoles(Place place) {
        Map<RoleName, RoleDraft> roles = new LinkedHashMap<>();
        List<Place.Named> entries = place.fields();
        if (entries.isEmpty()) {
            throw new BadMessage(place.path(), "expected at least one role, found none");
        }
        for (Place.Named entry : entries) {
            Optional<RoleName> name = entry.place().noting(_ -> readName(entry));
            Optional<RoleDraft> role = entry.place().noting(RoleDraft::read);
            if (name.isPresent() && role.isPresent()) {
                roles.put(name.get(), role.get());
            }
        }
        return Collections.unmodifiableMap(roles);
    }

    private static RoleName readName(Place.Named entry) {
        try {
            return new RoleName(entry.name());
        } catch (IllegalArgumentException invalid) {
            throw new BadMessage(entry.place().path(), String.valueOf(invalid.getMessage()));
        }
    }

    private static Duration readTimeout(String text) {
        Duration timeout = Durations.parse(text);
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "expected at least 1s, found " + Durations.format(timeout));
        }
        return timeout;
    }
}
