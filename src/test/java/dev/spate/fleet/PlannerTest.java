package dev.spate.fleet;

import static dev.spate.fleet.Samples.CATALOG;
import static dev.spate.fleet.Samples.NOON;
import static dev.spate.fleet.Samples.SPEC;
import static dev.spate.fleet.Samples.demand;
import static dev.spate.fleet.Samples.hold;
import static dev.spate.fleet.Samples.job;
import static dev.spate.fleet.Samples.launch;
import static dev.spate.fleet.Samples.role;
import static dev.spate.fleet.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Deadline;
import dev.spate.async.FakeScheduler;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.JobId;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.MachineSpec;
import dev.spate.job.Market;
import dev.spate.job.Seat;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlannerTest {

    private static final MachineSpec OTHER = spec(Market.ON_DEMAND, "t3.small");

    private final FakeScheduler scheduler = new FakeScheduler();
    private final IdlePool idle = new IdlePool(scheduler);
    private FleetSettings settings = Samples.settings().build();
    private int free = 10_000;

    @Test
    void asksForTheMachinesOfManyJobsWithOneLaunch() {
        Map<JobId, Plan> plans = plan(demands(100, 0));

        assertThat(launches(plans)).hasSize(1);
        assertThat(seats(plans)).extracting(Seat::index).doesNotHaveDuplicates().hasSize(100);
    }

    @Test
    void makesALaunchForEachSpec() {
        Map<JobId, Plan> plans = plan(List.of(demand("a"), demand("b", 2, OTHER), demand("c")));

        assertThat(launches(plans)).extracting(Launch::count).containsExactly(2, 2);
    }

    @Test
    void asksForAtMost500MachinesAtATime() {
        assertThat(launches(plan(demands(1_001, 0))))
                .extracting(Launch::count)
                .containsExactly(500, 500, 1);
    }

    @Test
    void takesIdleMachinesFirst() {
        addIdle("i-1", "");

        Map<JobId, Plan> plans = plan(List.of(demand("a"), demand("b")));

        assertThat(placed(plans, "a").reused())
                .extracting(Hold::machine)
                .containsExactly(id("i-1"));
        assertThat(placed(plans, "a").seats()).isEmpty();
        assertThat(placed(plans, "b").seats()).hasSize(1);
    }

    @Test
    void takesNoUsedMachineForAJobThatWantsNone() {
        addIdle("i-1", "");
        Demand demand =
                new Demand(
                        job("a", false, role("main", 1, SPEC, Optional.empty())),
                        Instant.EPOCH,
                        1,
                        0);

        assertThat(placed(plan(List.of(demand)), "a").reused()).isEmpty();
    }

    @Test
    void takesAPreparedMachineOnlyForTheSamePreparation() {
        addIdle("i-1", Fingerprint.preparation(role("x", 1, SPEC, Optional.of("make"))));
        Demand other =
                new Demand(
                        job("a", true, role("main", 1, SPEC, Optional.of("other"))),
                        Instant.EPOCH,
                        1,
                        0);
        Demand same =
                new Demand(
                        job("b", true, role("main", 1, SPEC, Optional.of("make"))),
                        Instant.EPOCH,
                        1,
                        0);

        Map<JobId, Plan> plans = plan(List.of(demand("c"), other, same));

        assertThat(placed(plans, "a").reused()).isEmpty();
        assertThat(placed(plans, "b").reused()).hasSize(1);
        assertThat(placed(plans, "c").reused()).isEmpty();
    }

    @Test
    void placesAllMembersOfAJobOrNoneAndTellsWhichIdleMachinesToReturn() {
        addIdle("i-1", "");
        free = 1;
        Planner planner = planner();

        Map<JobId, Plan> plans = planner.plan(List.of(demand("a", 3, SPEC), demand("b")));

        assertThat(notNow(plans, "a").why().kind()).isEqualTo(Failure.Kind.QUOTA);
        assertThat(planner.returned())
                .extracting(IdlePool.Idle::machine)
                .containsExactly(id("i-1"));
        assertThat(planner.shortOf()).isEqualTo(2);
        assertThat(placed(plans, "b").seats()).hasSize(1);
    }

    @Test
    void placesTheRolesOfAJobTogether() {
        Demand demand =
                new Demand(
                        job(
                                "a",
                                true,
                                role("server", 1, SPEC, Optional.empty()),
                                role("client", 3, OTHER, Optional.empty())),
                        Instant.EPOCH,
                        1,
                        0);

        Plan.Placed placed = placed(plan(List.of(demand)), "a");

        assertThat(placed.seats()).extracting(Seat::member).containsAll(demand.job().members());
        assertThat(placed.seats().stream().map(Seat::launch).distinct()).hasSize(2);
    }

    @Test
    void neverAsksForMoreThanThereIsRoomFor() {
        free = 2;

        Map<JobId, Plan> plans = plan(demands(5, 0));

        assertThat(seats(plans)).hasSize(2);
        assertThat(notNow(plans, "job-4").why().message()).contains("machinesMax");
    }

    @Test
    void refusesForGoodWhatIsMoreThanAWorkerMayHave() {
        settings = Samples.settings().machinesMax(2).build();

        assertThat(plan(List.of(demand("a", 3, SPEC))).get(new JobId("a")))
                .isInstanceOfSatisfying(
                        Plan.Never.class,
                        never -> assertThat(never.why().message()).contains("3", "2"));
    }

    @Test
    void climbsPastPoolsAtRestAndWaitsWhenAllAre() {
        RestingPools resting = new RestingPools(settings, scheduler);
        Failure empty = new Failure(Failure.Kind.CAPACITY, "empty");
        Demand demand = demand("a", 1, spec(Market.SPOT, "t3.small"));

        resting.failed(Samples.pool(Market.SPOT, "t3.small", ""), empty);
        assertThat(launches(planner(resting).plan(List.of(demand))))
                .extracting(launch -> launch.pool().market())
                .containsExactly(Market.ON_DEMAND);

        resting.failed(Samples.pool(Market.ON_DEMAND, "t3.small", ""), empty);
        assertThat(notNow(planner(resting).plan(List.of(demand)), "a"))
                .isEqualTo(new Plan.NotNow(empty, Duration.ofMinutes(3)));
    }

    @Test
    void equalDemandsHaveEqualTokensAndAllOthersDiffer() {
        LaunchToken token = token(demand("a"));
        Demand a = demand("a");

        assertThat(token(demand("a"))).isEqualTo(token);
        assertThat(
                        List.of(
                                token(demand("b")),
                                token(demand("a", 2, SPEC)),
                                token(new Demand(a.job(), Instant.EPOCH, 2, 0)),
                                token(new Demand(a.job(), Instant.EPOCH, 1, 1)),
                                token(new Demand(a.job(), Instant.EPOCH, 11, 1)),
                                token(new Demand(a.job(), Instant.EPOCH, 1, 11))))
                .doesNotHaveDuplicates()
                .doesNotContain(token);
    }

    @Test
    void leasesLongEnoughForTheLongestOfTheJobs() {
        Launch launch = launches(plan(List.of(demand("a")))).iterator().next();

        // 10 min to boot, 30 for setup, 30 to run, 1 idle, 15 to spare.
        assertThat(launch.lease()).isEqualTo(Duration.ofMinutes(86));
        assertThat(launch.expiresAt()).isEqualTo(NOON.plus(launch.lease()));
        assertThat(launch.usdPerHour()).contains(new BigDecimal("0.0892"));
    }

    @Test
    void namesWhatDoesNotExist() {
        assertThat(
                        never(
                                new MachineSpec(
                                        "debian",
                                        List.of("t3.small"),
                                        Market.SPOT,
                                        none(),
                                        none())))
                .isEqualTo("machine.image: there is no debian in eu-west-1");
        assertThat(never(spec(Market.SPOT, "c7i.large", "x9.huge")))
                .isEqualTo("machine.types: there is no x9.huge in eu-west-1");
        assertThat(
                        never(
                                new MachineSpec(
                                        "ubuntu-24.04",
                                        List.of("t3.small"),
                                        Market.SPOT,
                                        Optional.of("us-east-1"),
                                        none())))
                .isEqualTo("machine.region: this group launches in eu-west-1, not in us-east-1");
    }

    @Test
    void plansTenThousandJobsQuickly() {
        for (int i = 0; i < 5_000; i++) {
            addIdle("i-" + i, "");
        }

        Map<JobId, Plan> plans = plan(demands(10_000, 0));

        assertThat(seats(plans)).hasSize(5_000);
    }

    private String never(MachineSpec spec) {
        Plan plan = plan(List.of(demand("a", 1, spec))).get(new JobId("a"));
        if (plan instanceof Plan.Never(Failure why)) {
            assertThat(why.kind()).isEqualTo(Failure.Kind.INVALID);
            return why.message();
        }
        throw new AssertionError(plan);
    }

    private LaunchToken token(Demand demand) {
        return launches(plan(List.of(demand))).iterator().next().token();
    }

    private Map<JobId, Plan> plan(List<Demand> demands) {
        return planner().plan(demands);
    }

    private Planner planner() {
        return planner(new RestingPools(settings, scheduler));
    }

    private Planner planner(RestingPools resting) {
        return new Planner(
                settings,
                0,
                CATALOG,
                resting,
                (spec, preparation) -> idle.take(0, spec, preparation),
                free,
                settings.machinesPerMinuteMax(),
                NOON);
    }

    private void addIdle(String machine, String preparation) {
        idle.add(
                new IdlePool.Idle(
                        hold(launch(1, 1), machine),
                        preparation,
                        Deadline.after(scheduler, Duration.ofMinutes(1))));
    }

    private static List<Demand> demands(int count, int launches) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Demand(demand("job-" + i).job(), Instant.EPOCH, 1, launches))
                .toList();
    }

    private static Plan.Placed placed(Map<JobId, Plan> plans, String job) {
        if (plans.get(new JobId(job)) instanceof Plan.Placed placed) {
            return placed;
        }
        throw new AssertionError(plans);
    }

    private static Plan.NotNow notNow(Map<JobId, Plan> plans, String job) {
        if (plans.get(new JobId(job)) instanceof Plan.NotNow notNow) {
            return notNow;
        }
        throw new AssertionError(plans);
    }

    private static List<Seat> seats(Map<JobId, Plan> plans) {
        List<Seat> seats = new ArrayList<>();
        plans.values().stream()
                .flatMap(
                        plan ->
                                plan instanceof Plan.Placed p
                                        ? p.seats().stream()
                                        : Set.<Seat>of().stream())
                .forEach(seats::add);
        return seats;
    }

    private static Collection<Launch> launches(Map<JobId, Plan> plans) {
        return seats(plans).stream()
                .map(Seat::launch)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static MachineId id(String text) {
        return new MachineId(text);
    }

    private static <T> Optional<T> none() {
        return Optional.empty();
    }
}
