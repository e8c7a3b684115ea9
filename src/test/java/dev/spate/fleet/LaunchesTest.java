package dev.spate.fleet;

import static dev.spate.fleet.Samples.launch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.FakeScheduler;
import dev.spate.fleet.FakeCloud.Action;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.Market;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LaunchesTest {

    private static final Failure LOST_REPLY = new Failure(Failure.Kind.INFRASTRUCTURE, "timeout");

    private final FakeScheduler scheduler = new FakeScheduler();
    private final FakeCloud cloud = new FakeCloud(scheduler, new Random(1));
    private final List<Answer<List<Machine>>> told = new ArrayList<>();
    private final Launches launches =
            new Launches(
                    cloud,
                    new FakeKeys(),
                    Samples.settings().build(),
                    scheduler,
                    (_, answer) -> told.add(answer));

    @Test
    void makesALaunchOnceForAllWhoAsk() {
        List<CompletableFuture<Answer<List<Machine>>>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(launches.launch(launch(1, 100)));
        }
        scheduler.advance(Duration.ofSeconds(1));
        calls.add(launches.launch(launch(1, 100)));

        assertThat(calls).allSatisfy(call -> assertThat(machines(call)).hasSize(100));
        assertThat(cloud.calls(Action.LAUNCH)).isEqualTo(1);
        assertThat(told).hasSize(1);
        assertThat(launches.count()).isZero();
    }

    @Test
    void repeatsTheSameLaunchWhileNobodyKnowsWhetherItHappened() {
        cloud.faults().failNext(Action.LAUNCH, 3, LOST_REPLY, FakeFaults.Effect.HAPPENS);

        var call = launches.launch(launch(1, 5));
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(machines(call)).hasSize(5);
        assertThat(cloud.there()).hasSize(5);
        assertThat(cloud.calls(Action.LAUNCH)).isEqualTo(4);
        assertThat(cloud.log(FakeCloudEvent.Violation.class)).isEmpty();
    }

    @Test
    void answersACertainFailureAtOnce() {
        cloud.quota(Market.ON_DEMAND, 0);

        var call = launches.launch(launch(1, 5));
        scheduler.advance(Duration.ofSeconds(1));

        assertThat(failure(call).kind()).isEqualTo(Failure.Kind.QUOTA);
        assertThat(cloud.calls(Action.LAUNCH)).isEqualTo(1);
    }

    @Test
    void repeatsALaunchThatEndedInAMistakeAndThenGivesUp() {
        cloud.faults().throwNext(Action.LAUNCH, new IllegalStateException("one"));
        var lucky = launches.launch(launch(1, 1));
        scheduler.advance(Duration.ofMinutes(1));
        assertThat(machines(lucky)).hasSize(1);

        for (int i = 0; i < 3; i++) {
            cloud.faults().throwNext(Action.LAUNCH, new IllegalStateException("many"));
        }
        var unlucky = launches.launch(launch(2, 1));
        scheduler.advance(Duration.ofMinutes(1));
        assertThat(failure(unlucky).kind()).isEqualTo(Failure.Kind.INTERNAL);
    }

    @Test
    void cancellingOneWhoWaitsLeavesTheOthers() {
        var one = launches.launch(launch(1, 1));
        var other = launches.launch(launch(1, 1));

        one.cancel(true);
        scheduler.advance(Duration.ofSeconds(1));

        assertThat(machines(other)).hasSize(1);
    }

    @Test
    void dropsTheLaunchesOfAShardAndMakesThemAgainWhenItComesBack() {
        cloud.faults().slowNext(Action.LAUNCH, Duration.ofSeconds(30));
        cloud.faults().slowNext(Action.LAUNCH, Duration.ofSeconds(30));
        Launch launch = launch(1, 7, 2);
        var before = launches.launch(launch);
        var others = launches.launch(launch(2, 8, 2));
        scheduler.advance(Duration.ofSeconds(5));

        launches.drop(7);
        assertThat(before).isCancelled();
        var after = launches.launch(launch);
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(machines(after)).hasSize(2);
        assertThat(machines(others)).hasSize(2);
        assertThat(cloud.there()).hasSize(4);
    }

    @Test
    void forgetsAnswersBeyondABound() {
        for (int number = 1; number <= 20; number++) {
            var _ = launches.launch(launch(number, 500));
            scheduler.advance(Duration.ofSeconds(1));
        }
        var _ = launches.launch(launch(1, 500));
        var _ = launches.launch(launch(20, 500));
        scheduler.advance(Duration.ofSeconds(1));

        assertThat(cloud.calls(Action.LAUNCH)).isEqualTo(21);
    }

    @Test
    void asksForNothingAfterItIsClosed() {
        cloud.faults().failAlways(Action.LAUNCH, LOST_REPLY, FakeFaults.Effect.NONE);
        var call = launches.launch(launch(1, 1));
        scheduler.advance(Duration.ofSeconds(1));

        launches.close();
        int calls = cloud.calls();
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(call).isCancelled();
        assertThat(launches.launch(launch(2, 1))).isCancelled();
        assertThat(cloud.calls()).isEqualTo(calls);
    }

    private static List<Machine> machines(CompletableFuture<Answer<List<Machine>>> call) {
        return switch (call.getNow(Answer.failed(Failure.Kind.INTERNAL, "not done"))) {
            case Answer.Ok<List<Machine>>(List<Machine> machines) -> machines;
            case Answer.Failed<List<Machine>>(Failure why) -> throw new AssertionError(why);
        };
    }

    private static Failure failure(CompletableFuture<Answer<List<Machine>>> call) {
        return switch (call.getNow(Answer.ok(List.of()))) {
            case Answer.Ok<List<Machine>>(List<Machine> machines) ->
                    throw new AssertionError(machines);
            case Answer.Failed<List<Machine>>(Failure why) -> why;
        };
    }
}
