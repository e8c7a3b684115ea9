package dev.spate.fleet;

import static dev.spate.fleet.Samples.launch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Deadline;
import dev.spate.async.FakeProcess;
import dev.spate.async.FakeScheduler;
import dev.spate.fleet.FakeCloud.Action;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.MachineId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MachineWatchTest {

    private static final Failure DOWN = new Failure(Failure.Kind.INFRASTRUCTURE, "down");
    private static final MachineId STRANGER = new MachineId("i-none");

    private final FakeScheduler scheduler = new FakeScheduler();
    private final FakeCloud cloud = new FakeCloud(scheduler, new Random(1));
    private final List<Machine> changes = new ArrayList<>();
    private final MachineWatch watch =
            new MachineWatch(cloud, Samples.settings().build(), scheduler, changes::add);

    @BeforeEach
    void start() {
        scheduler.start(
                "watch",
                () -> {
                    watch.run();
                    return null;
                });
    }

    @Test
    void makesNoCallsWhileThereIsNothingToLookAt() {
        scheduler.advance(Duration.ofHours(1));

        assertThat(cloud.calls()).isZero();
    }

    @Test
    void tellsWhenAMachineHasAnAddress() throws Exception {
        Machine pending = make(1).getFirst();
        watch.saw(pending);

        CompletableFuture<Machine> addressed = addressed(pending.id());

        scheduler.runUntil(addressed::isDone, Duration.ofSeconds(7));
        assertThat(addressed.join().state()).isEqualTo(Machine.State.RUNNING);
    }

    @Test
    void looksOnceASecondAtWhatIsExpectedSoonAndEveryFifteenOtherwise() throws Exception {
        cloud.boot(Duration.ofMinutes(5), Duration.ofMinutes(5));
        Machine pending = make(1).getFirst();
        watch.saw(pending);
        scheduler.advance(Duration.ofMinutes(1));
        assertThat(cloud.calls(Action.DESCRIBE)).isBetween(3, 4);

        int before = cloud.calls(Action.DESCRIBE);
        var _ = addressed(pending.id());
        scheduler.advance(Duration.ofSeconds(10));

        assertThat(cloud.calls(Action.DESCRIBE) - before).isBetween(8, 10);
    }

    @Test
    void looksLessOftenAtWhatTakesLong() throws Exception {
        cloud.boot(Duration.ofHours(1), Duration.ofHours(1));
        Machine pending = make(1).getFirst();
        var _ = addressed(pending.id());

        scheduler.advance(Duration.ofMinutes(10));

        // Once a second would be 600.
        assertThat(cloud.calls(Action.DESCRIBE)).isLessThan(80);
    }

    @Test
    void looksAtManyMachinesWithFewCalls() throws Exception {
        for (int number = 1; number <= 3; number++) {
            make(number, 400).forEach(watch::saw);
        }

        scheduler.advance(Duration.ofSeconds(16));

        assertThat(cloud.calls(Action.DESCRIBE)).isEqualTo(3);
    }

    @Test
    void looksOnlyAtTheMachinesThatAreDue() throws Exception {
        cloud.boot(Duration.ofMinutes(5), Duration.ofMinutes(5));
        for (int number = 1; number <= 3; number++) {
            make(number, 500).forEach(watch::saw);
        }
        var _ = addressed(new MachineId("i-%017x".formatted(1)));

        scheduler.advance(Duration.ofSeconds(10));

        // Not three calls a second because of one machine.
        assertThat(cloud.calls(Action.DESCRIBE)).isLessThanOrEqualTo(12);
    }

    @Test
    void tellsOfAMachineThatDiesAndOfEachStateOnce() throws Exception {
        Machine machine = make(1).getFirst();
        watch.saw(machine);
        CompletableFuture<Machine> gone = watch.whenGone(machine.id(), false);
        scheduler.advance(Duration.ofSeconds(30));

        cloud.kill(machine.id());

        scheduler.runUntil(gone::isDone, Duration.ofSeconds(40));
        assertThat(gone.join().ended().orElseThrow().message()).contains("it died");
        assertThat(changes)
                .extracting(Machine::state)
                .startsWith(Machine.State.PENDING, Machine.State.RUNNING)
                .endsWith(Machine.State.GONE)
                .doesNotHaveDuplicates();
        assertThat(watch.states()).isEmpty();
    }

    @Test
    void remembersThatAMachineIsGoneWithoutLookingAgain() throws Exception {
        Machine machine = make(1).getFirst();
        watch.saw(machine);
        cloud.kill(machine.id());
        scheduler.advance(Duration.ofMinutes(1));
        int calls = cloud.calls();

        assertThat(watch.whenGone(machine.id(), true)).isCompleted();
        scheduler.advance(Duration.ofMinutes(1));
        assertThat(cloud.calls()).isEqualTo(calls);
    }

    @Test
    void doesNotBelieveADenialBeforeTheGraceIsOver() {
        CompletableFuture<Machine> gone = watch.whenGone(STRANGER, false);

        scheduler.advance(Duration.ofSeconds(119));
        assertThat(gone).isNotDone();

        scheduler.runUntil(gone::isDone, Duration.ofSeconds(20));
        assertThat(gone.join().state()).isEqualTo(Machine.State.GONE);
        assertThat(gone.join().ended().orElseThrow().kind()).isEqualTo(Failure.Kind.LOST);
    }

    @Test
    void doesNotTakeTwoDenialsForOneThatNeverEnded() throws Exception {
        FakeProcess worker = scheduler.process("worker");
        MachineWatch other =
                new MachineWatch(cloud, Samples.settings().build(), worker, changes::add);
        var _ =
                worker.start(
                        "watch",
                        () -> {
                            other.run();
                            return null;
                        });
        Machine machine = make(1).getFirst();
        CompletableFuture<Machine> gone = other.whenGone(machine.id(), false);
        cloud.deny(machine.id(), Duration.ofSeconds(90));
        scheduler.advance(Duration.ofSeconds(80));
        // Nobody looks while the machine can be seen, for the worker is stopped.
        worker.pause();
        scheduler.advance(Duration.ofSeconds(70));
        cloud.deny(machine.id(), Duration.ofSeconds(90));
        worker.resume();
        scheduler.advance(Duration.ofMinutes(5));

        assertThat(gone).isNotDone();
        assertThat(other.latest(machine.id()).orElseThrow().state())
                .isEqualTo(Machine.State.RUNNING);
    }

    @Test
    void forgetsADenialWhenTheMachineShowsUp() throws Exception {
        cloud.lag(Duration.ofMinutes(3)).boot(Duration.ZERO, Duration.ZERO);
        Machine machine = make(1).getFirst();
        watch.add(machine.id());

        scheduler.advance(Duration.ofMinutes(20));

        assertThat(watch.latest(machine.id()).orElseThrow().state())
                .isEqualTo(Machine.State.RUNNING);
    }

    @Test
    void ignoresADescriptionOlderThanTheLast() throws Exception {
        Machine machine = make(1).getFirst();
        scheduler.advance(Duration.ofSeconds(6));
        Machine running = cloud.there().getFirst();
        watch.saw(running);

        watch.saw(machine);

        assertThat(watch.latest(machine.id())).contains(running);
    }

    @Test
    void takesMachinesForUnchangedWhileTheCloudIsDown() throws Exception {
        Machine machine = make(1).getFirst();
        watch.saw(machine);
        CompletableFuture<Machine> gone = watch.whenGone(machine.id(), true);
        cloud.faults().failAlways(Action.DESCRIBE, DOWN, FakeFaults.Effect.NONE);

        scheduler.advance(Duration.ofMinutes(30));
        assertThat(gone).isNotDone();
        assertThat(watch.latest(machine.id())).contains(machine);

        cloud.faults().heal();
        cloud.kill(machine.id());
        scheduler.runUntil(gone::isDone, Duration.ofMinutes(1));
    }

    @Test
    void survivesAMistakeInTheAdapter() throws Exception {
        Machine machine = make(1).getFirst();
        watch.saw(machine);
        cloud.faults().throwNext(Action.DESCRIBE, new IllegalStateException("a mistake"));

        CompletableFuture<Machine> addressed = addressed(machine.id());

        scheduler.runUntil(addressed::isDone, Duration.ofSeconds(20));
    }

    @Test
    void stopsHurryingWhenNobodyWaitsAnyMore() throws Exception {
        cloud.boot(Duration.ofMinutes(5), Duration.ofMinutes(5));
        Machine machine = make(1).getFirst();
        watch.saw(machine);
        CompletableFuture<Machine> addressed = addressed(machine.id());
        scheduler.advance(Duration.ofSeconds(5));

        addressed.cancel(false);
        int before = cloud.calls(Action.DESCRIBE);
        scheduler.advance(Duration.ofSeconds(50));

        assertThat(cloud.calls(Action.DESCRIBE) - before).isLessThanOrEqualTo(5);
    }

    @Test
    void tellsThoseWhoWaitThatAMachineIsForgotten() throws Exception {
        Machine machine = make(1).getFirst();
        CompletableFuture<Machine> gone = watch.whenGone(machine.id(), true);

        watch.forget(List.of(machine.id()));

        assertThat(gone).isCancelled();
        int calls = cloud.calls();
        scheduler.advance(Duration.ofMinutes(5));
        assertThat(cloud.calls() - calls).isLessThanOrEqualTo(1);
    }

    @Test
    void missesNothingThatHappensWhileItLooks() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            FakeScheduler time = new FakeScheduler(seed);
            FakeCloud shaky = new FakeCloud(time, new Random(seed));
            shaky.lag(Duration.ofSeconds(3)).boot(Duration.ZERO, Duration.ofSeconds(20));
            shaky.faults().failAtRandom(0.2);
            MachineWatch seeded =
                    new MachineWatch(shaky, Samples.settings().build(), time, _ -> {});
            time.start(
                    "watch",
                    () -> {
                        seeded.run();
                        return null;
                    });
            List<CompletableFuture<Machine>> all = new ArrayList<>();
            for (int number = 1; number <= 5; number++) {
                int launch = number;
                time.start(
                        "launch-" + number,
                        () -> {
                            time.sleep(Duration.ofMillis(700L * launch));
                            if (shaky.launch(launch(launch, 3), "", Deadline.NEVER)
                                    instanceof Answer.Ok<List<Machine>>(List<Machine> made)) {
                                made.forEach(seeded::saw);
                                made.forEach(m -> all.add(seeded.whenGone(m.id(), true)));
                                time.sleep(Duration.ofMillis(1300));
                                made.forEach(m -> shaky.kill(m.id()));
                            }
                            return null;
                        });
            }
            time.advance(Duration.ofMinutes(5));
            assertThat(all).as("seed %d", seed).allMatch(CompletableFuture::isDone);
        }
    }

    private CompletableFuture<Machine> addressed(MachineId id) {
        return watch.when(id, true, machine -> machine.address().isPresent());
    }

    private List<Machine> make(int number) throws Exception {
        return make(number, 1);
    }

    private List<Machine> make(int number, int count) throws Exception {
        return switch (cloud.launch(launch(number, count), "", Deadline.NEVER)) {
            case Answer.Ok<List<Machine>>(List<Machine> machines) -> machines;
            case Answer.Failed<List<Machine>>(Failure why) -> throw new AssertionError(why);
        };
    }
}
