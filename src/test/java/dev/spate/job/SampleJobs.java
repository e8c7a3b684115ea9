package dev.spate.job;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Jobs for tests. */
public final class SampleJobs {

    /** A machine of the kind every fake cloud has. */
    public static final MachineSpec MACHINE =
            new MachineSpec(
                    "ubuntu-24.04",
                    List.of("c7i.large"),
                    Market.ON_DEMAND,
                    Optional.empty(),
                    Optional.empty());

    private SampleJobs() {}

    /** One machine, one script. */
    public static Job plain(String id, String script) {
        return of(id, List.of(role("main", 1, false, script)));
    }

    /** Clients that run a script, and a server in the background that would run for ever. */
    public static Job served(String id, int clients, String script) {
        return of(
                id,
                List.of(role("server", 1, true, "hang"), role("client", clients, false, script)));
    }

    public static Job of(String id, List<Role> roles) {
        return new Job(
                new JobId(id),
                "default",
                roles,
                Duration.ofMinutes(10),
                Duration.ofHours(1),
                new Retries(2, 0),
                true,
                true);
    }

    public static Role role(String name, int count, boolean isBackground, String script) {
        return role(name, count, isBackground, script, Optional.empty(), MACHINE);
    }

    public static Role role(
            String name,
            int count,
            boolean isBackground,
            String script,
            Optional<String> setup,
            MachineSpec machine) {
        return new Role(
                new RoleName(name),
                count,
                isBackground,
                machine,
                setup,
                script,
                new TreeMap<>(),
                List.of(),
                List.of());
    }

    /** The same job with other limits. */
    public static Job with(
            Job job, Duration timeout, Duration patience, Retries retries, boolean mayReuse) {
        return new Job(
                job.id(),
                job.profile(),
                job.roles(),
                timeout,
                patience,
                retries,
                mayReuse,
                job.isLogged());
    }

    public static Job with(Job job, Retries retries) {
        return with(job, job.timeout(), job.patience(), retries, job.mayReuse());
    }

    public static Job withPatience(Job job, Duration patience) {
        return with(job, job.timeout(), patience, job.retries(), job.mayReuse());
    }

    public static Job withProfile(Job job, String profile) {
        return new Job(
                job.id(),
                profile,
                job.roles(),
                job.timeout(),
                job.patience(),
                job.retries(),
                job.mayReuse(),
                job.isLogged());
    }

    public static Job withoutLogs(Job job) {
        return new Job(
                job.id(),
                job.profile(),
                job.roles(),
                job.timeout(),
                job.patience(),
                job.retries(),
                job.mayReuse(),
                false);
    }

    public static Job withoutReuse(Job job) {
        return with(job, job.timeout(), job.patience(), job.retries(), false);
    }
}
