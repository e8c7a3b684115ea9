package dev.spate.fleet;

import static dev.spate.fleet.Samples.demand;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Deadline;
import dev.spate.async.FakeScheduler;
import dev.spate.async.Scheduler;
import dev.spate.fleet.FakeCloud.Action;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.JobState;
import dev.spate.job.Launch;
import dev.spate.job.Market;
import dev.spate.job.Seat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FleetTest {

    private static final Failure REFUSED =
            new Failure(Failure.Kind.INFRASTRUCTURE, "connection refused");

    private final FakeScheduler scheduler = new FakeScheduler();
    private final FakeCloud cloud = new FakeCloud(scheduler, new Random(1));
    private final List<String> events = new ArrayList<>();
    private int tries;
    private Supplier<Answer<Shell>> door = () -> Answer.ok(new BareShell());
    private Fleet fleet = fleet(Samples.settings());

    @Test
    void reachesAMachineAsSoonAsItAnswers() {
        Hold hold = launched("a");
        door = () -> ++tries < 20 ? new Answer.Failed<>(REFUSED) : Answer.ok(new BareShell());

        var reached = reach(hold, Duration.ofMinutes(10));
        scheduler.runUntil(reached::isDone, Duration.ofSeconds(20));

        assertThat(reached.join()).isInstanceOf(Answer.Ok.class);
        assertThat(tries).isEqualTo(20);
    }

    @Test
    void doesNotTryAgainOnAMachineThatIsNotTheOneItShouldBe() {
        door =
                () -> {
                    tries++;
                    return Answer.failed(Failure.Kind.SECURITY, "another host key");
                };

        var reached = reach(launched("a"), Duration.ofMinutes(10));
        scheduler.runUntil(reached::isDone, Duration.ofSeconds(20));

        assertThat(failure(reached).kind()).isEqualTo(Failure.Kind.SECURITY);
        assertThat(tries).isEqualTo(1);
    }

    @Test
    void tellsThatAMachineIsLostWhenItGoesBeforeItAnswers() {
        Hold hold = launched("a");
        door = () -> new Answer.Failed<>(REFUSED);
        var reached = reach(hold, Duration.ofMinutes(10));
        scheduler.advance(Duration.ofSeconds(8));

        cloud.interrupt(hold.machine());
        scheduler.runUntil(reached::isDone, Duration.ofSeconds(20));

        assertThat(failure(reached).kind()).isEqualTo(Failure.Kind.LOST);
        assertThat(failure(reached).message()).contains("spot interruption");
        scheduler.advance(Duration.ofMinutes(1));
        assertThat(events).contains("lost");
    }

    @Test
    void tellsThatAMachineIsLostWhenItGoesBeforeItRuns() {
        Hold hold = launched("a");
        var reached = reach(hold, Duration.ofMinutes(10));

        cloud.kill(hold.machine());
        scheduler.runUntil(reached::isDone, Duration.ofSeconds(5));

        assertThat(failure(reached).kind()).isEqualTo(Failure.Kind.LOST);
    }

    @Test
    void quotesTheConsoleOfAMachineThatDoesNotComeUp() {
        Hold hold = launched("a");
        cloud.console(hold.machine(), "x".repeat(1_000) + "\nKernel panic\n");
        door = () -> new Answer.Failed<>(REFUSED);

        var reached = reach(hold, Duration.ofMinutes(1));
        scheduler.runUntil(reached::isDone, Duration.ofSeconds(62));

        assertThat(failure(reached).kind()).isEqualTo(Failure.Kind.INFRASTRUCTURE);
        assertThat(failure(reached).message())
                .startsWith("connection refused; its console ends: xx")
                .endsWith("Kernel panic")
                .hasSizeLessThan(600);
    }

    @Test
    void reusesAMachineThatWasGivenBackAndEndsItWhenNobodyWantsIt() {
        Hold hold = launched("a");
        fleet.giveBack(hold, "");

        Plan.Placed placed = placed(demand("b"));
        assertThat(placed.reused()).extracting(Hold::machine).containsExactly(hold.machine());
        assertThat(cloud.calls(Action.LAUNCH)).isEqualTo(1);

        fleet.giveBack(placed.reused().getFirst(), "");
        scheduler.advance(Duration.ofSeconds(59));
        assertThat(cloud.there()).hasSize(1);
        scheduler.advance(Duration.ofSeconds(15));
        assertThat(cloud.there()).isEmpty();
        assertThat(events).containsExactly("idle");
    }

    @Test
    void tellsWhatBecomesOfEachMachineUntilItIsGone() {
        Hold hold = launched("a");
        scheduler.advance(Duration.ofSeconds(20));
        assertThat(fleet.machines())
                .singleElement()
                .satisfies(
                        entry -> {
                            assertThat(entry.id()).isEqualTo(hold.machine());
                            assertThat(entry.standing()).isEqualTo(RosterEntry.Standing.RUNNING);
                            assertThat(entry.launch()).hasValue(hold.launch());
                            assertThat(entry.leaseLeft())
                                    .hasValue(hold.launch().lease().minusSeconds(20));
                        });

        fleet.giveBack(hold, "");
        assertThat(fleet.machines())
                .extracting(RosterEntry::standing)
                .containsExactly(RosterEntry.Standing.IDLE);

        scheduler.advance(Duration.ofMinutes(2));
        assertThat(fleet.machines()).isEmpty();
    }

    @Test
    void neverHandsOutAnIdleMachineThatIsGoing() {
        Hold idle = launched("a");
        fleet.giveBack(idle, "");
        cloud.kill(idle.machine());
        scheduler.advance(Duration.ofSeconds(20));

        assertThat(placed(demand("b")).reused()).isEmpty();

        Hold dead = launched("c");
        cloud.kill(dead.machine());
        scheduler.advance(Duration.ofSeconds(20));
        fleet.giveBack(dead, "");
        assertThat(fleet.snapshot().idle()).isZero();
    }

    @Test
    void idleMachinesMakeRoomForJobsOfAnotherKindButNoMoreThanNeeded() {
        fleet.close();
        cloud.terminationDelay(Duration.ofSeconds(30));
        fleet = fleet(Samples.settings().machinesMax(3));
        List<Hold> holds = IntStream.range(0, 3).mapToObj(i -> launched("a" + i)).toList();
        holds.forEach(hold -> fleet.giveBack(hold, ""));
        Demand other = demand("b", 1, Samples.spec(Market.SPOT, "t3.small"));

        for (int i = 0; i < 4; i++) {
            assertThat(plan(other)).isInstanceOf(Plan.NotNow.class);
            scheduler.advance(Duration.ofSeconds(5));
        }
        assertThat(cloud.log(FakeCloudEvent.TerminationAsked.class)).hasSize(1);

        CompletableFuture<Void> room = fleet.whenRoomChanges();
        scheduler.runUntil(room::isDone, Duration.ofSeconds(30));
        assertThat(plan(other)).isInstanceOf(Plan.Placed.class);
    }

    @Test
    void launchesNoMoreMachinesInAMinuteThanItMay() {
        fleet.close();
        fleet = fleet(Samples.settings().machinesPerMinuteMax(60));

        assertThat(plan(demand("a", 50, Samples.SPEC))).isInstanceOf(Plan.Placed.class);
        Plan refused = plan(demand("b", 20, Samples.SPEC));
        assertThat(((Plan.NotNow) refused).why().message()).contains("machinesPerMinuteMax 60");
        assertThat(plan(demand("c", 10, Samples.SPEC))).isInstanceOf(Plan.Placed.class);

        scheduler.advance(Duration.ofSeconds(20));
        assertThat(plan(demand("b", 20, Samples.SPEC))).isInstanceOf(Plan.Placed.class);
        assertThat(plan(demand("d"))).isInstanceOf(Plan.NotNow.class);

        // More than a minute's: when there is a full minute's.
        scheduler.advance(Duration.ofSeconds(59));
        assertThat(plan(demand("e", 90, Samples.SPEC))).isInstanceOf(Plan.NotNow.class);
        scheduler.advance(Duration.ofSeconds(2));
        assertThat(plan(demand("e", 90, Samples.SPEC))).isInstanceOf(Plan.Placed.class);
    }

    @Test
    void endsMachinesOfAShardThatHasMoreThanItsShareForOneThatHasNone() {
        fleet.close();
        fleet = fleet(Samples.settings().machinesMax(4));
        fleet.open(1, FakeOwnership.CONFIRMED);
        List<Hold> holds = IntStream.range(0, 4).mapToObj(i -> launched("a" + i)).toList();
        fleet.giveBack(holds.getFirst(), "");

        assertThat(plan(1, demand("b", 2, Samples.SPEC))).isInstanceOf(Plan.NotNow.class);
        // One that was idle goes at once, one more when it comes back; and no more than that.
        fleet.giveBack(holds.get(1), "");
        fleet.giveBack(holds.get(2), "");
        assertThat(fleet.snapshot().ending()).isEqualTo(2);
        assertThat(fleet.snapshot().idle()).isEqualTo(1);

        scheduler.advance(Duration.ofSeconds(4));
        // What is due to another shard is not given to this one again.
        assertThat(plan(0, demand("c", 2, Samples.SPEC))).isInstanceOf(Plan.NotNow.class);
        assertThat(plan(1, demand("b", 2, Samples.SPEC))).isInstanceOf(Plan.Placed.class);
    }

    @Test
    void keepsMachinesForTheirShardIfTheOthersHaveTheirShare() {
        fleet.close();
        fleet = fleet(Samples.settings().machinesMax(2));
        fleet.open(1, FakeOwnership.CONFIRMED);
        Hold mine = launched("a");
        assertThat(plan(1, demand("b"))).isInstanceOf(Plan.Placed.class);

        assertThat(plan(1, demand("c"))).isInstanceOf(Plan.NotNow.class);
        fleet.giveBack(mine, "");

        assertThat(fleet.snapshot().idle()).isEqualTo(1);
        assertThat(fleet.snapshot().ending()).isZero();
    }

    @Test
    void twoShardsMayAskForTheLastMachineWhileOthersComeBack() throws Exception {
        fleet.close();
        fleet = fleet(Samples.settings().machinesMax(4));
        fleet.open(1, FakeOwnership.CONFIRMED);
        Hold hold = launched("a");
        fleet.giveBack(hold, "");

        // Planning and giving back look at machines and at shares, and must not wait for each
        // other.
        List<Thread> threads =
                List.of(
                        asking(() -> plan(0, demand("b", 9, Samples.SPEC))),
                        asking(() -> plan(1, demand("c", 9, Samples.SPEC))),
                        asking(() -> fleet.giveBack(hold, "")),
                        asking(() -> fleet.snapshot()));

        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    private static Thread asking(Runnable question) {
        return Thread.ofPlatform()
                .daemon()
                .start(() -> IntStream.range(0, 2_000).forEach(_ -> question.run()));
    }

    @Test
    void givesTheRoomOfMachinesThatDidNotComeBack() {
        fleet.close();
        fleet = fleet(Samples.settings().machinesMax(10).zones("eu-west-1a"));
        cloud.capacity(Samples.pool(Market.ON_DEMAND, "c7i.large", "eu-west-1a"), 2);

        Plan.Placed placed = placed(demand("a", 10, Samples.SPEC));
        assertThat(plan(demand("b"))).isInstanceOf(Plan.NotNow.class);
        var call = fleet.launch(placed.seats().getFirst().launch());
        scheduler.runUntil(call::isDone, Duration.ofSeconds(1));

        // There is room again, but the pool has nothing to give.
        assertThat(((Plan.NotNow) plan(demand("b"))).why().message()).contains("gave 2 of 10");
        assertThat(plan(demand("c", 8, Samples.spec(Market.ON_DEMAND, "t3.small"))))
                .isInstanceOf(Plan.Placed.class);
        assertThat(plan(demand("d", 1, Samples.spec(Market.ON_DEMAND, "t3.small"))))
                .isInstanceOf(Plan.NotNow.class);
    }

    @Test
    void countsWhatIsTakenOverAndLooksAfterIt() {
        Plan.Placed placed = placed(demand("a", 2, Samples.SPEC));
        Launch launch = placed.seats().getFirst().launch();
        scheduler.advance(Duration.ofSeconds(1));
        fleet.close();
        fleet = fleet(Samples.settings().machinesMax(2));

        fleet.resume(new JobState.Launching(1, placed.seats(), List.of()));
        assertThat(plan(demand("b"))).isInstanceOf(Plan.NotNow.class);
        List<Hold> holds = holds(placed.seats());
        assertThat(cloud.there()).hasSize(2);
        assertThat(plan(demand("b"))).isInstanceOf(Plan.NotNow.class);

        cloud.kill(holds.getFirst().machine());
        scheduler.advance(Duration.ofSeconds(40));
        assertThat(plan(demand("b"))).isInstanceOf(Plan.Placed.class);
        assertThat(launch.count()).isEqualTo(2);
    }

    @Test
    void touchesNoMachineOfAShardThatIsDropped() {
        Hold idle = launched("a");
        Hold held = launched("b");
        Hold ending = launched("c");
        cloud.refuseToEnd(ending.machine(), REFUSED);
        CompletableFuture<Machine> gone = fleet.terminate(ending, "failed");
        fleet.giveBack(idle, "");
        scheduler.advance(Duration.ofSeconds(5));

        fleet.drop(0);
        int asked = cloud.calls(Action.TERMINATE);
        scheduler.advance(Duration.ofMinutes(5));

        assertThat(gone).isCancelled();
        assertThat(cloud.there()).hasSize(3);
        assertThat(cloud.calls(Action.TERMINATE)).isEqualTo(asked);
        assertThat(fleet.snapshot().states()).isEmpty();
        assertThat(fleet.snapshot().idle() + fleet.snapshot().ending()).isZero();
        assertThat(fleet.whenGone(held.machine())).isNotDone();
    }

    @Test
    void forgetsALaunchUnderWayWhenItsShardIsDropped() {
        fleet.close();
        fleet = fleet(Samples.settings().machinesMax(1));
        cloud.faults().slowNext(Action.LAUNCH, Duration.ofSeconds(10));
        var call = fleet.launch(placed(demand("a")).seats().getFirst().launch());
        scheduler.advance(Duration.ofSeconds(1));

        fleet.drop(0);
        scheduler.advance(Duration.ofSeconds(30));

        assertThat(call).isCancelled();
        assertThat(plan(demand("b"))).isInstanceOf(Plan.Placed.class);
    }

    @Test
    void touchesNoMachineWhenItIsClosed() {
        Hold idle = launched("a");
        Hold ending = launched("b");
        fleet.giveBack(idle, "");
        var _ = fleet.terminate(ending, "failed");
        assertThat(fleet.isAlive()).isTrue();

        fleet.close();
        int calls = cloud.calls();
        scheduler.advance(Duration.ofMinutes(10));

        assertThat(fleet.isAlive()).isFalse();
        assertThat(cloud.there()).hasSize(2);
        assertThat(cloud.calls()).isEqualTo(calls);
    }

    private Fleet fleet(Samples.Settings settings) {
        FleetEvents counting =
                new FleetEvents() {
                    @Override
                    public void terminated(String cause) {
                        events.add(cause);
                    }
                };
        Shells shells =
                new Shells() {
                    @Override
                    public Answer<Shell> connect(Target target, Deadline deadline) {
                        return door.get();
                    }

                    @Override
                    public void close() {}
                };
        Fleet made =
                new Fleet(
                        settings.build(),
                        cloud,
                        shells,
                        new FakeKeys(),
                        scheduler,
                        new Random(1),
                        counting);
        made.open(0, FakeOwnership.CONFIRMED);
        return made;
    }

    private Plan plan(Demand demand) {
        return plan(0, demand);
    }

    private Plan plan(int shard, Demand demand) {
        return Objects.requireNonNull(
                fleet.plan(shard, List.of(demand), Samples.CATALOG).get(demand.job().id()));
    }

    private Plan.Placed placed(Demand demand) {
        if (plan(demand) instanceof Plan.Placed placed) {
            return placed;
        }
        throw new AssertionError("not placed: " + demand);
    }

    private Hold launched(String job) {
        return holds(placed(demand(job)).seats()).getFirst();
    }

    private List<Hold> holds(List<Seat> seats) {
        var call = fleet.launch(seats.getFirst().launch());
        scheduler.runUntil(call::isDone, Duration.ofSeconds(5));
        if (call.join() instanceof Answer.Ok<List<Machine>>(List<Machine> machines)) {
            return seats.stream()
                    .map(seat -> seat.on(machines.get(seat.index()).id(), Samples.NOON))
                    .toList();
        }
        throw new AssertionError(call.join());
    }

    private CompletableFuture<Answer<Fleet.Reached>> reach(Hold hold, Duration time) {
        Scheduler.Task<Answer<Fleet.Reached>> task =
                scheduler.start("reach", () -> fleet.reach(hold, Deadline.after(scheduler, time)));
        return task.result();
    }

    private static Failure failure(CompletableFuture<Answer<Fleet.Reached>> reached) {
        if (reached.join() instanceof Answer.Failed<Fleet.Reached>(Failure why)) {
            return why;
        }
        throw new AssertionError(reached.join());
    }
}
