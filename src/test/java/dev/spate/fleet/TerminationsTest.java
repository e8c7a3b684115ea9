package dev.spate.fleet;

import static dev.spate.fleet.Samples.launch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Deadline;
import dev.spate.async.FakeScheduler;
import dev.spate.fleet.FakeCloud.Action;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.MachineId;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TerminationsTest {

    private static final Failure DENIED =
            new Failure(Failure.Kind.INFRASTRUCTURE, "UnauthorizedOperation");

    private final FakeScheduler scheduler = new FakeScheduler();
    private final FakeCloud cloud = new FakeCloud(scheduler, new Random(1));
    private final FleetSettings settings = Samples.settings().build();
    private final MachineWatch watch = new MachineWatch(cloud, settings, scheduler, _ -> {});
    private final OwnedShards shards = new OwnedShards(scheduler);
    private final Terminations terminations =
            new Terminations(cloud, watch, shards, settings, scheduler);
    private int begun;

    @BeforeEach
    void start() {
        shards.open(0, FakeOwnership.CONFIRMED);
        scheduler.start(
                "watch",
                () -> {
                    watch.run();
                    return null;
                });
        scheduler.start(
                "terminations",
                () -> {
                    terminations.run();
                    return null;
                });
    }

    @Test
    void endsManyMachinesWithOneCall() throws Exception {
        List<CompletableFuture<Machine>> gone =
                make(300).stream().map(machine -> end(machine.id())).toList();

        scheduler.runUntil(
                () -> gone.stream().allMatch(CompletableFuture::isDone), Duration.ofSeconds(10));

        assertThat(cloud.there()).isEmpty();
        assertThat(cloud.calls(Action.TERMINATE)).isEqualTo(1);
        assertThat(cloud.calls(Action.DESCRIBE)).isLessThan(6);
        assertThat(terminations.count()).isZero();
    }

    @Test
    void asksOnceForAMachineHoweverManyWantItGone() throws Exception {
        MachineId id = make(1).getFirst().id();

        CompletableFuture<Machine> first = end(id);
        CompletableFuture<Machine> second = end(id);
        second.cancel(true);

        scheduler.runUntil(first::isDone, Duration.ofSeconds(10));
        assertThat(begun).isEqualTo(1);
        assertThat(cloud.log(FakeCloudEvent.TerminationAsked.class)).hasSize(1);
        assertThat(end(id)).isCompleted();
        assertThat(begun).isEqualTo(1);
    }

    @Test
    void oneThatIsRefusedDoesNotKeepTheOthersAndIsAskedForUntilItGoes() throws Exception {
        List<Machine> machines = make(3);
        cloud.refuseToEnd(machines.get(1).id(), DENIED);
        List<CompletableFuture<Machine>> gone =
                machines.stream().map(machine -> end(machine.id())).toList();

        scheduler.advance(Duration.ofMinutes(10));
        assertThat(gone.get(0)).isDone();
        assertThat(gone.get(1)).isNotDone();
        assertThat(gone.get(2)).isDone();
        assertThat(terminations.count()).isEqualTo(1);

        cloud.letEnd(machines.get(1).id());
        scheduler.runUntil(gone.get(1)::isDone, Duration.ofSeconds(40));
    }

    @Test
    void anAnsweredCallIsNoProof() throws Exception {
        MachineId id = make(1).getFirst().id();
        cloud.deaf(true);
        CompletableFuture<Machine> gone = end(id);

        scheduler.advance(Duration.ofMinutes(5));
        assertThat(gone).isNotDone();
        assertThat(cloud.calls(Action.TERMINATE)).isGreaterThan(10);

        cloud.deaf(false);
        scheduler.runUntil(gone::isDone, Duration.ofSeconds(40));
    }

    @Test
    void thatTheCloudDoesNotKnowAMachineIsNoProof() {
        CompletableFuture<Machine> gone = end(new MachineId("i-none"));

        scheduler.advance(Duration.ofSeconds(100));
        assertThat(gone).isNotDone();

        scheduler.runUntil(gone::isDone, Duration.ofMinutes(1));
    }

    @Test
    void triesAgainWhenTheCallFailsOrEndsInAMistake() throws Exception {
        cloud.faults().failNext(Action.TERMINATE, 2, DENIED, FakeFaults.Effect.NONE);
        cloud.faults().throwNext(Action.TERMINATE, new IllegalStateException("a mistake"));

        CompletableFuture<Machine> gone = end(make(1).getFirst().id());

        scheduler.runUntil(gone::isDone, Duration.ofMinutes(1));
    }

    @Test
    void doesNotAskAgainForAMachineThatIsGoing() throws Exception {
        cloud.terminationDelay(Duration.ofMinutes(5));
        CompletableFuture<Machine> gone = end(make(1).getFirst().id());

        scheduler.runUntil(gone::isDone, Duration.ofMinutes(6));

        assertThat(cloud.calls(Action.TERMINATE)).isEqualTo(1);
    }

    @Test
    void letsGoOfAMachineThatIsForgotten() throws Exception {
        MachineId id = make(1).getFirst().id();
        cloud.refuseToEnd(id, DENIED);
        CompletableFuture<Machine> gone = end(id);
        scheduler.advance(Duration.ofSeconds(2));

        watch.forget(List.of(id));
        int calls = cloud.calls(Action.TERMINATE);
        scheduler.advance(Duration.ofMinutes(5));

        assertThat(gone).isCancelled();
        assertThat(terminations.count()).isZero();
        assertThat(cloud.calls(Action.TERMINATE)).isEqualTo(calls);
    }

    @Test
    void leavesTheMachinesOfAShardThatIsAnotherWorkersAndEndsTheOthers() throws Exception {
        shards.open(1, new FakeOwnership().lost());
        List<Machine> machines = make(3);
        CompletableFuture<Machine> theirs =
                terminations.terminate(machines.get(0).id(), 1, () -> {});
        CompletableFuture<Machine> unopened =
                terminations.terminate(machines.get(1).id(), 2, () -> {});
        CompletableFuture<Machine> ours = end(machines.get(2).id());

        scheduler.advance(Duration.ofMinutes(5));

        assertThat(ours).isCompleted();
        assertThat(theirs).isNotDone();
        assertThat(unopened).isNotDone();
        assertThat(cloud.there()).hasSize(2);
        assertThat(cloud.log(FakeCloudEvent.TerminationAsked.class)).hasSize(1);
    }

    @Test
    void asksAgainWhetherAShardIsOursIfTheAnswerIsOld() throws Exception {
        CompletableFuture<Void> late = new CompletableFuture<>();
        FakeOwnership ownership = new FakeOwnership().answers(late);
        shards.open(0, ownership);
        CompletableFuture<Machine> gone = end(make(1).getFirst().id());

        scheduler.advance(Duration.ofMinutes(1));
        assertThat(cloud.calls(Action.TERMINATE)).isZero();

        late.complete(null);
        scheduler.runUntil(gone::isDone, Duration.ofMinutes(1));
        assertThat(cloud.calls(Action.TERMINATE)).isEqualTo(1);
    }

    private CompletableFuture<Machine> end(MachineId id) {
        return terminations.terminate(id, 0, () -> begun++);
    }

    private List<Machine> make(int count) throws Exception {
        return switch (cloud.launch(launch(1, count), "", Deadline.NEVER)) {
            case Answer.Ok<List<Machine>>(List<Machine> machines) -> machines;
            case Answer.Failed<List<Machine>>(Failure why) -> throw new AssertionError(why);
        };
    }
}
