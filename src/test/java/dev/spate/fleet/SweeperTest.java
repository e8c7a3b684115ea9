package dev.spate.fleet;

import static dev.spate.fleet.Samples.launch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Deadline;
import dev.spate.async.FakeScheduler;
import dev.spate.fleet.FakeCloud.Action;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import dev.spate.job.Launch;
import dev.spate.job.MachineId;
import dev.spate.job.Seat;
import dev.spate.job.Spent;
import dev.spate.job.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SweeperTest {

    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration AGE_MIN = Duration.ofMinutes(5);
    private static final Duration TWO_SIGHTINGS = AGE_MIN.plus(INTERVAL.multipliedBy(3));
    private static final SweepSettings SWEEP =
            new SweepSettings(INTERVAL, AGE_MIN, Duration.ofMinutes(5), 20, false);

    private final FakeScheduler scheduler = new FakeScheduler();
    private final FakeCloud cloud = new FakeCloud(scheduler, new Random(1));
    private final FakeOwnership ownership = new FakeOwnership();
    private final List<String> events = new ArrayList<>();
    private Fleet fleet = fleet(SWEEP);

    @AfterEach
    void touchesNothingTwice() {
        assertThat(cloud.log(FakeCloudEvent.Violation.class)).isEmpty();
    }

    @Test
    void endsAMachineThatNoJobHas() throws Exception {
        make(launch(1, 1));

        scheduler.advance(AGE_MIN.plus(INTERVAL).minusSeconds(1));
        assertThat(cloud.there()).hasSize(1);

        scheduler.advance(INTERVAL.multipliedBy(2));
        assertThat(cloud.there()).isEmpty();
        assertThat(events).containsExactly("orphan");
        assertThat(fleet.snapshot().sweptAt()).isPresent();
    }

    @Test
    void endsAMachineThatNoJobHasEvenIfTheWallClockIsBehind() throws Exception {
        make(launch(1, 1));
        scheduler.jumpWallClock(Duration.ofHours(-2));

        scheduler.advance(TWO_SIGHTINGS);

        assertThat(cloud.there()).isEmpty();
        assertThat(events).containsExactly("orphan");
    }

    @Test
    void leavesMachinesThatJobsHaveOrArePromised() throws Exception {
        Launch held = launch(1, 1);
        Launch awaited = launch(2, 2);
        List<Machine> machines = make(held);
        make(awaited);
        take(new JobState.Preparing(1, List.of(hold(held, machines.getFirst()))));
        take(new JobState.Launching(1, List.of(new Seat(Samples.MEMBER, awaited, 0)), List.of()));

        scheduler.advance(TWO_SIGHTINGS);

        // All but the one of the second launch for which no job has a seat any more.
        assertThat(cloud.there()).extracting(Machine::index).containsExactly(0, 0);
        assertThat(events).containsExactly("orphan");
    }

    @Test
    void leavesIdleMachinesUntilTheyEndByThemselves() throws Exception {
        fleet.close();
        fleet = fleet(SWEEP, Samples.settings().idleTime(Duration.ofHours(2)));
        Launch launch = longLaunch();
        fleet.giveBack(hold(launch, make(launch).getFirst()), "");

        scheduler.advance(Duration.ofMinutes(110));
        assertThat(cloud.there()).hasSize(1);

        scheduler.advance(Duration.ofMinutes(30));
        assertThat(events).containsExactly("idle");
    }

    @Test
    void startsAnewWithAMachineThatWasUsedBetweenTwoSightings() throws Exception {
        fleet.close();
        fleet = fleet(SWEEP, Samples.settings().idleTime(Duration.ofSeconds(10)));
        Launch launch = launch(1, 1);
        Hold hold = hold(launch, make(launch).getFirst());
        scheduler.advance(AGE_MIN.plusSeconds(5));

        for (int i = 0; i < 10; i++) {
            // A job has it for a moment between any two sweeps, and nobody knows of it otherwise.
            fleet.giveBack(hold, "");
            assertThat(fleet.plan(0, List.of(Samples.demand("job-" + i)), Samples.CATALOG))
                    .allSatisfy((_, plan) -> assertThat(((Plan.Placed) plan).reused()).hasSize(1));
            scheduler.advance(INTERVAL);
        }
        assertThat(cloud.there()).hasSize(1);

        scheduler.advance(INTERVAL.multipliedBy(3));
        assertThat(cloud.there()).isEmpty();
    }

    @Test
    void neverTouchesMachinesOfShardsThatAreNotOpenOrNotConfirmed() throws Exception {
        make(launch(1, 7, 1));
        fleet.open(8, new FakeOwnership().lost());
        make(launch(2, 8, 1));
        fleet.shardCount(8);

        scheduler.advance(Duration.ofMinutes(50));

        assertThat(cloud.there()).hasSize(2);
        assertThat(cloud.calls(Action.TERMINATE)).isZero();
    }

    @Test
    void endsNoMoreThanAllowedInOneSweepTheOldestFirst() throws Exception {
        fleet.close();
        fleet = fleet(new SweepSettings(INTERVAL, AGE_MIN, AGE_MIN, 2, false));
        scheduler.advance(Duration.ofSeconds(30));
        make(launch(1, 1));
        scheduler.advance(Duration.ofSeconds(1));
        make(launch(2, 4));

        scheduler.runUntil(() -> events.size() == 2, TWO_SIGHTINGS);
        scheduler.advance(Duration.ofSeconds(10));
        assertThat(cloud.there())
                .extracting(Machine::token)
                .doesNotContain(Optional.of(launch(1, 1).token()));
        assertThat(cloud.there()).hasSize(3);
        assertThat(fleet.snapshot().orphans()).isEqualTo(5);

        scheduler.advance(INTERVAL.multipliedBy(2));
        assertThat(cloud.there()).isEmpty();
        scheduler.advance(INTERVAL);
        assertThat(fleet.snapshot().orphans()).isZero();
    }

    @Test
    void onlyTellsOfThemInADryRun() throws Exception {
        fleet.close();
        fleet = fleet(new SweepSettings(INTERVAL, AGE_MIN, AGE_MIN, 20, true));
        make(launch(1, 3));

        scheduler.advance(TWO_SIGHTINGS.multipliedBy(2));

        assertThat(cloud.there()).hasSize(3);
        assertThat(fleet.snapshot().orphans()).isEqualTo(3);
        assertThat(events).isEmpty();
    }

    @Test
    void tellsOfAMachineThatMayNotBeEndedAndKeepsTrying() throws Exception {
        MachineId id = make(launch(1, 1)).getFirst().id();
        cloud.refuseToEnd(id, new Failure(Failure.Kind.INFRASTRUCTURE, "UnauthorizedOperation"));

        scheduler.advance(Duration.ofMinutes(30));
        assertThat(fleet.snapshot().orphans()).isEqualTo(1);
        assertThat(fleet.isAlive()).isTrue();
        assertThat(cloud.calls(Action.TERMINATE)).isGreaterThan(10);
        assertThat(events).containsExactly("orphan");

        cloud.letEnd(id);
        scheduler.advance(Duration.ofMinutes(2));
        assertThat(cloud.there()).isEmpty();
        assertThat(fleet.snapshot().orphans()).isZero();
    }

    @Test
    void forgetsAnOrphanWithItsShard() throws Exception {
        MachineId id = make(launch(1, 1)).getFirst().id();
        cloud.refuseToEnd(id, new Failure(Failure.Kind.INFRASTRUCTURE, "UnauthorizedOperation"));
        scheduler.runUntil(() -> !events.isEmpty(), TWO_SIGHTINGS);

        fleet.drop(0);
        scheduler.advance(Duration.ofSeconds(10));
        int calls = cloud.calls(Action.TERMINATE);
        scheduler.advance(Duration.ofMinutes(20));

        assertThat(cloud.calls(Action.TERMINATE)).isEqualTo(calls);
        assertThat(fleet.snapshot().states()).isEmpty();
    }

    @Test
    void endsAMachineThatHasOutlivedItsLeaseEvenIfAJobHasIt() throws Exception {
        // Its own switch fails, or the test would show nothing.
        Launch asWatched = launch(1, 1);
        Machine machine = make(longLaunch()).getFirst();
        JobState running = new JobState.Running(1, List.of(hold(asWatched, machine)), Samples.NOON);
        take(running);
        fleet.resume(running);

        scheduler.advance(asWatched.lease().plus(Duration.ofMinutes(4)));
        assertThat(cloud.there()).hasSize(1);

        scheduler.advance(Duration.ofMinutes(5));
        assertThat(cloud.there()).isEmpty();
        assertThat(events).containsExactly("expired");
    }

    @Test
    void knowsWhenALeaseWasExtended() throws Exception {
        Launch asWatched = launch(1, 1);
        Machine machine = make(longLaunch()).getFirst();
        Hold hold = hold(asWatched, machine);
        JobState running = new JobState.Running(1, List.of(hold), Samples.NOON);
        take(running);
        fleet.resume(running);
        scheduler.advance(Duration.ofMinutes(50));
        fleet.extended(hold, Duration.ofHours(2));

        scheduler.advance(Duration.ofHours(2));

        assertThat(cloud.there()).hasSize(1);
    }

    @Test
    void goesOnWhenTheCloudFailsOrItsAnswerIsAMistake() throws Exception {
        make(launch(1, 1));
        cloud.faults()
                .failNext(
                        Action.LIST,
                        3,
                        new Failure(Failure.Kind.THROTTLED, "RequestLimitExceeded"),
                        FakeFaults.Effect.NONE);
        cloud.faults().throwNext(Action.LIST, new IllegalStateException("a mistake"));

        scheduler.advance(TWO_SIGHTINGS.plus(INTERVAL.multipliedBy(4)));

        assertThat(cloud.there()).isEmpty();
    }

    private void take(JobState state) {
        ownership.jobs.add(
                new JobRecord(
                        Samples.demand("job-" + ownership.jobs.size()).job(),
                        "hash",
                        Trace.NONE,
                        Samples.NOON,
                        1,
                        false,
                        state,
                        Spent.NOTHING,
                        Map.of()));
    }

    private static Hold hold(Launch launch, Machine machine) {
        return new Hold(Samples.MEMBER, launch, machine.id(), Samples.NOON);
    }

    private static Launch longLaunch() {
        Launch launch = launch(99, 1);
        return new Launch(
                launch.token(),
                0,
                launch.spec(),
                launch.imageId(),
                launch.pool(),
                1,
                Duration.ofDays(1),
                Instant.MAX,
                Optional.empty());
    }

    private List<Machine> make(Launch launch) throws Exception {
        return switch (cloud.launch(launch, "", Deadline.NEVER)) {
            case Answer.Ok<List<Machine>>(List<Machine> machines) -> machines;
            case Answer.Failed<List<Machine>>(Failure why) -> throw new AssertionError(why);
        };
    }

    private Fleet fleet(SweepSettings sweep) {
        return fleet(sweep, Samples.settings());
    }

    private Fleet fleet(SweepSettings sweep, Samples.Settings settings) {
        Fleet made =
                new Fleet(
                        settings.sweep(sweep).build(),
                        cloud,
                        new FakeShells(
                                new FakeGround(scheduler, _ -> true), scheduler.process("w")),
                        new FakeKeys(),
                        scheduler,
                        new Random(1),
                        new FleetEvents() {
                            @Override
                            public void terminated(String cause) {
                                events.add(cause);
                            }
                        });
        made.open(0, ownership);
        return made;
    }
}
