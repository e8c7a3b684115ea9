package dev.spate.web;

import dev.spate.board.JobOutline;
import dev.spate.board.JobPage;
import dev.spate.board.JobRow;
import dev.spate.board.MemberRow;
import dev.spate.board.Moment;
import dev.spate.board.RoleOutline;
import dev.spate.board.Stage;
import dev.spate.job.Failure;
import dev.spate.job.JobId;
import dev.spate.job.MachineId;
import dev.spate.job.MachineSpec;
import dev.spate.job.Market;
import dev.spate.job.Member;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import dev.spate.job.Pool;
import dev.spate.job.RelativePath;
import dev.spate.job.Retries;
import dev.spate.job.RoleName;
import dev.spate.job.Spent;
import dev.spate.job.Trace;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Jobs as they might be: {@link #draw} one of a number, in whatever stage chance or the caller
 * chooses. The same seed draws the same jobs.
 */
public final class InMemoryJobs {

    private static final List<String> PROFILES = List.of("default", "small", "bench", "nightly");
    private static final List<Stage> STAGES = List.of(Stage.values());
    private static final List<Outcome> OUTCOMES = List.of(Outcome.values());
    private static final List<Phase> PHASES = List.of(Phase.values());
    private static final List<String> TYPES = List.of("c7i.large", "c6i.large", "m7i.xlarge");
    private static final List<String> ZONES = List.of("eu-west-1a", "eu-west-1b");
    private static final BigDecimal PRICE = new BigDecimal("0.0342");

    private final RandomGenerator random;
    private final Instant now;

    /**
     * @param now what the jobs' times lie before
     */
    public InMemoryJobs(RandomGenerator random, Instant now) {
        this.random = random;
        this.now = now;
    }

    /** A job in a stage of chance's choice; most are done. */
    public JobPage draw(int number) {
        Stage stage =
                random.nextInt(3) == 0 ? STAGES.get(random.nextInt(STAGES.size())) : Stage.RELEASED;
        return draw(new JobId("job-" + number), stage);
    }

    /** A job in that stage. */
    public JobPage draw(JobId id, Stage stage) {
        Optional<Outcome> outcome =
                stage.isSettled()
                        ? Optional.of(
                                random.nextInt(4) == 0
                                        ? OUTCOMES.get(random.nextInt(OUTCOMES.size()))
                                        : Outcome.SUCCEEDED)
                        : Optional.empty();
        return page(id, stage, outcome, now.minusSeconds(random.nextInt(3 * 60 * 60)));
    }

    /** The same job, a stage further; one that is done begins anew. */
    public JobPage further(JobPage page, Instant at) {
        Stage next =
                switch (page.row().stage()) {
                    case WAITING -> Stage.LAUNCHING;
                    case LAUNCHING -> Stage.PREPARING;
                    case PREPARING -> Stage.RUNNING;
                    case RETREATING -> Stage.WAITING;
                    case RUNNING -> Stage.SETTLED;
                    case SETTLED, RELEASED -> Stage.WAITING;
                };
        JobPage drawn = draw(page.row().id(), next);
        JobRow row = drawn.row();
        return new JobPage(
                new JobRow(
                        row.id(),
                        page.row().profile(),
                        next,
                        row.outcome(),
                        row.exitCode(),
                        page.row().attempt(),
                        page.row().isCancelled(),
                        page.row().publishedAt(),
                        at,
                        row.startedAt().map(_ -> at),
                        row.settledAt().map(_ -> at),
                        row.phases(),
                        row.machines(),
                        row.machineTime(),
                        row.costUsd(),
                        row.why(),
                        row.notBefore(),
                        page.row().sequence() + 1),
                page.shard(),
                page.job(),
                drawn.members(),
                drawn.history(),
                drawn.spent(),
                page.trace());
    }

    /** The same job, published with {@code "logs": false}. */
    public static JobPage withoutLogs(JobPage page) {
        JobOutline job = page.job();
        return new JobPage(
                page.row(),
                page.shard(),
                new JobOutline(
                        job.roles(),
                        job.timeout(),
                        job.patience(),
                        job.retries(),
                        job.mayReuse(),
                        false),
                page.members(),
                page.history(),
                page.spent(),
                page.trace());
    }

    private JobPage page(JobId id, Stage stage, Optional<Outcome> outcome, Instant published) {
        boolean isGang = random.nextInt(5) == 0;
        List<RoleOutline> roles =
                isGang
                        ? List.of(role("server", 1, true), role("client", 3, false))
                        : List.of(role("main", 1, false));
        Optional<Failure> why = why(stage, outcome);
        Map<Phase, Duration> phases = phases(stage);
        Instant updated = published.plusSeconds(30 + random.nextInt(600));
        Duration machineTime =
                stage.isSettled()
                        ? Duration.ofMillis(20_000 + random.nextInt(600_000))
                        : Duration.ZERO;
        JobRow row =
                new JobRow(
                        id,
                        PROFILES.get(random.nextInt(PROFILES.size())),
                        stage,
                        outcome,
                        outcome.filter(Outcome.SUCCEEDED::equals).isPresent()
                                ? OptionalInt.of(0)
                                : OptionalInt.empty(),
                        1 + random.nextInt(2),
                        outcome.filter(Outcome.CANCELLED::equals).isPresent(),
                        published,
                        updated,
                        phases.containsKey(Phase.SETUP)
                                ? Optional.of(published.plusSeconds(20))
                                : Optional.empty(),
                        stage.isSettled() ? Optional.of(updated) : Optional.empty(),
                        phases,
                        isGang ? 4 : 1,
                        machineTime,
                        stage.isSettled()
                                ? Optional.of(
                                        BigDecimal.valueOf(machineTime.toMillis() * 95 / 10_000, 6))
                                : Optional.empty(),
                        why,
                        stage == Stage.WAITING
                                ? Optional.of(now.plusSeconds(30))
                                : Optional.empty(),
                        5);
        return new JobPage(
                row,
                0,
                new JobOutline(
                        roles,
                        Duration.ofMinutes(30),
                        Duration.ofHours(1),
                        new Retries(2, 0),
                        true,
                        true),
                members(roles, stage, outcome, published),
                history(stage, published, updated, why),
                new Spent(1, 0, 0, 0, machineTime, BigDecimal.ZERO),
                Trace.NONE);
    }

    private static RoleOutline role(String name, int count, boolean isBackground) {
        return new RoleOutline(
                new RoleName(name),
                count,
                isBackground,
                new MachineSpec(
                        "ubuntu-24.04", TYPES, Market.SPOT, Optional.empty(), Optional.empty()),
                Optional.of("sudo apt-get install -y make"),
                "make -j4 && ./bench > out.csv",
                List.of("N"),
                List.of(new RelativePath("Makefile")),
                List.of(new RelativePath("out.csv")));
    }

    private Map<Phase, Duration> phases(Stage stage) {
        int done =
                switch (stage) {
                    case WAITING, LAUNCHING -> 1;
                    case PREPARING -> 3;
                    case RUNNING, RETREATING -> 5;
                    case SETTLED, RELEASED -> 7;
                };
        Map<Phase, Duration> phases = new EnumMap<>(Phase.class);
        for (int i = 0; i < done; i++) {
            phases.put(PHASES.get(i), Duration.ofMillis(100 + random.nextInt(30_000)));
        }
        return phases;
    }

    private Optional<Failure> why(Stage stage, Optional<Outcome> outcome) {
        if (stage == Stage.WAITING) {
            return Optional.of(
                    new Failure(
                            Failure.Kind.CAPACITY,
                            "spot/c7i.large/eu-west-1a has no capacity; asked again in 30s"));
        }
        if (stage == Stage.RETREATING) {
            return Optional.of(
                    new Failure(
                            Failure.Kind.LOST, "the machine was taken back: spot interruption"));
        }
        return outcome.filter(other -> other != Outcome.SUCCEEDED)
                .map(_ -> new Failure(Failure.Kind.JOB, "main-0 exited with 3"));
    }

    private List<MemberRow> members(
            List<RoleOutline> roles, Stage stage, Optional<Outcome> outcome, Instant published) {
        List<MemberRow> members = new ArrayList<>();
        if (stage == Stage.WAITING) {
            return members;
        }
        boolean hasMachine = stage != Stage.LAUNCHING;
        for (RoleOutline role : roles) {
            for (int index = 0; index < role.count(); index++) {
                members.add(
                        new MemberRow(
                                new Member(role.name(), index),
                                hasMachine ? Optional.of(machine()) : Optional.empty(),
                                pool(),
                                Optional.of(PRICE),
                                hasMachine
                                        ? Optional.of(published.plusSeconds(2))
                                        : Optional.empty(),
                                outcome.isPresent()
                                        ? OptionalInt.of(outcome.get() == Outcome.SUCCEEDED ? 0 : 3)
                                        : OptionalInt.empty()));
            }
        }
        return members;
    }

    private static List<Moment> history(
            Stage stage, Instant published, Instant updated, Optional<Failure> why) {
        List<Moment> history = new ArrayList<>();
        if (stage != Stage.LAUNCHING) {
            history.add(new Moment(1, Stage.LAUNCHING, published.plusSeconds(1), Optional.empty()));
        }
        history.add(new Moment(1, stage, updated, why));
        return history;
    }

    /** A machine that is nobody's yet. */
    public MachineRow machine(String state, Optional<MachineRow.Use> use) {
        Instant launched = now.minusSeconds(random.nextInt(3_000));
        return new MachineRow(
                machine(),
                state,
                pool(),
                Optional.of("10.0.%d.%d".formatted(random.nextInt(256), random.nextInt(256))),
                Optional.of(launched),
                Optional.of(launched.plusSeconds(4_500)),
                Optional.of(PRICE),
                Optional.of(
                        PRICE.multiply(
                                        BigDecimal.valueOf(
                                                Duration.between(launched, now).toSeconds()))
                                .divide(
                                        BigDecimal.valueOf(3_600),
                                        6,
                                        java.math.RoundingMode.HALF_UP)),
                random.nextInt(4),
                use);
    }

    private MachineId machine() {
        return new MachineId(
                "i-%017x".formatted(random.nextLong() & Long.MAX_VALUE).substring(0, 19));
    }

    private Pool pool() {
        return new Pool(
                random.nextBoolean() ? Market.SPOT : Market.ON_DEMAND,
                TYPES.get(random.nextInt(TYPES.size())),
                Optional.of(ZONES.get(random.nextInt(ZONES.size()))));
    }
}
