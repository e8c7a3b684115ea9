package dev.spate.engine;

import static dev.spate.job.SampleJobs.plain;
import static dev.spate.job.SampleJobs.served;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.fleet.FakeCloudEvent;
import dev.spate.fleet.FakeGround.FakeRun;
import dev.spate.fleet.Machine;
import dev.spate.job.Captured;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import dev.spate.job.JobState;
import dev.spate.job.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Workers come and go; jobs do not notice. */
final class TakeoverTest {

    @Test
    void goesOnWithARunningJobOfAWorkerThatCrashed() {
        World world = new World(1);
        World.Running first = world.start("first");
        world.publish(plain("a", "echo x\nsleep 5m"));
        world.runUntilIn("a", JobState.Running.class);
        first.process().crash();
        world.clock.advance(Duration.ofMinutes(1));
        world.start("second");

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(result.attempt()).isEqualTo(1);
        assertThat(result.members().getFirst().out().head()).isEqualTo("x\n");
        assertThat(world.ground.ledger()).hasSize(1);
    }

    @Test
    void tellsHeadTailAndLengthOfOutputThatNobodySawWhole() {
        World world = new World(1);
        World.Running first = world.start("first");
        String lines = "echo 0123456789\n".repeat(20_000);
        world.publish(plain("a", "echo begin\n" + lines + "echo end\nsleep 5m"));
        world.runUntilIn("a", JobState.Running.class);
        first.process().crash();
        world.start("second");

        Captured out = world.result("a").members().getFirst().out();

        assertThat(out.bytes()).isEqualTo("begin\n".length() + 20_000 * 11 + "end\n".length());
        assertThat(out.head()).startsWith("begin\n0123456789\n").hasSize(16 << 10);
        assertThat(out.tail()).endsWith("0123456789\nend\n").hasSize(16 << 10);
        assertThat(out.isTruncated()).isTrue();
    }

    @Test
    void findsTheExitCodeOfARunThatEndedMeanwhile() {
        World world = new World(1);
        World.Running first = world.start("first");
        world.publish(plain("a", "sleep 10s\nexit 7"));
        world.runUntilIn("a", JobState.Running.class);
        first.process().crash();
        world.clock.advance(Duration.ofMinutes(5));
        world.start("second");

        assertThat(world.result("a").exitCode()).hasValue(7);
        assertThat(world.ground.ledger()).hasSize(1);
    }

    @Test
    void chargesALossToTheJobIfAnOwnerBeforeMayHaveStartedIt() {
        World world = new World(1);
        World.Running first = world.start("first");
        world.publish(plain("a", "sleep 5m"));
        world.runUntilIn("a", JobState.Preparing.class);
        first.process().crash();
        world.cloud.kill(world.journalled("a").state().machines().getFirst().machine());
        world.start("second");

        world.released("a");

        assertThat(world.journalled("a").spent().lost()).isEqualTo(1);
        assertThat(world.journalled("a").spent().troubled()).isZero();
    }

    @Test
    void keepsItsPromisesWhereverAWorkerCrashes() {
        for (int millis = 0; millis < 12_000; millis += 37) {
            World world = new World(millis);
            World.Running first = world.start("first");
            world.publish(plain("a", "sleep 2s"));
            world.publish(served("b", 2, "sleep 1s"));
            world.clock.advance(Duration.ofMillis(millis));
            first.process().crash();
            world.clock.advance(Duration.ofSeconds(millis % 7));
            world.start("second");

            world.released("a");
            world.released("b");

            assertThat(world.topics.results())
                    .as("results after a crash at %s ms", millis)
                    .hasSize(2)
                    .allSatisfy(
                            result -> assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED));
            assertThat(world.ground.ledger())
                    .as("runs after a crash at %s ms", millis)
                    .extracting(FakeRun::key)
                    .hasSize(4)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void dropsAShardThatIsSomebodyElsesAndTouchesNoMachine() {
        World world = new World(1);
        World.Running first = world.start("first");
        world.publish(plain("a", "sleep 1m"));
        world.runUntilIn("a", JobState.Running.class);
        World.Running second = world.start("second");

        JobResult result = world.result("a");
        world.clock.advance(Duration.ofSeconds(30));

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.topics.results()).hasSize(1);
        assertThat(world.ground.ledger()).hasSize(1);
        // The first one tries to open its shard again, for nobody has told it that it is not its
        // own any more.
        assertThat(
                        first.worker().snapshot().shards().size()
                                + second.worker().snapshot().shards().size())
                .isPositive();
    }

    @Test
    void dropsAShardWhenAMachineHasSeenALaterOwner() {
        World world = new World(1);
        World.Running first = world.start("first");
        world.publish(plain("a", "sleep 1m"));
        world.runUntilIn("a", JobState.Running.class);
        FakeRun run = world.ground.ledger().getFirst();
        // Another worker has taken over, and this one has not been told.
        world.topics.fence(0);
        world.clock.advance(Duration.ofSeconds(11));
        world.ground.own(run.machine(), run.key().job(), world.topics.owners(0) + 1);
        first.shells().breakConnections();

        world.clock.runUntil(
                () -> first.worker().snapshot().shards().isEmpty(), Duration.ofSeconds(5));
        assertThat(run.ended()).isEmpty();
        assertThat(world.cloud.there()).hasSize(1);
        assertThat(world.result("a").outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.ground.ledger()).hasSize(1);
    }

    @Test
    void dropsAShardWhenAMachineInTheBackgroundHasSeenALaterOwner() {
        World world = new World(1);
        World.Running first = world.start("first");
        world.publish(served("a", 1, "sleep 1m"));
        world.runUntilIn("a", JobState.Running.class);
        FakeRun server = world.ground.ledger().getFirst();
        world.topics.fence(0);
        world.clock.advance(Duration.ofSeconds(11));
        world.ground.own(server.machine(), server.key().job(), world.topics.owners(0) + 1);
        world.ground.network().sever(server.machine());

        world.clock.runUntil(
                () -> first.worker().snapshot().shards().isEmpty(), Duration.ofSeconds(5));
        assertThat(world.result("a").outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.ground.ledger()).hasSize(2);
    }

    @Test
    void doesNotBelieveAMachineThatTellsOfAnOwnerThereNeverWas() {
        World world = new World(1);
        World.Running first = world.start("first");
        world.publish(plain("other", "sleep 2m"));
        world.publish(plain("a", "sleep 1m"));
        world.runUntilIn("a", JobState.Running.class);
        world.clock.advance(Duration.ofSeconds(5));
        FakeRun run =
                world.ground.ledger().stream()
                        .filter(each -> each.key().job().value().equals("a"))
                        .findFirst()
                        .orElseThrow();
        world.ground.own(run.machine(), run.key().job(), Long.MAX_VALUE);
        first.shells().breakConnections();

        assertThat(world.result("a").outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.result("a").attempt()).isEqualTo(2);
        assertThat(world.result("other").attempt()).isEqualTo(1);
        assertThat(world.topics.owners(0)).isEqualTo(1);
    }

    @Test
    void leavesWithoutTouchingAMachine() {
        World world = new World(1);
        World.Running first = world.start("first");
        world.publish(plain("a", "sleep 5m"));
        world.runUntilIn("a", JobState.Running.class);
        var left = first.source().revoke(0);
        world.clock.runUntil(left::isDone, Duration.ofSeconds(5));

        assertThat(first.worker().snapshot().shards()).isEmpty();
        assertThat(first.shells().openCount()).isZero();
        assertThat(world.cloud.there()).hasSize(1);

        world.start("second");
        assertThat(world.result("a").outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.ground.ledger()).hasSize(1);
    }

    @Test
    void leavesFiveHundredRunningJobsWithinSeconds() {
        World world = new World(1);
        World.Running first = world.start("first");
        for (int i = 0; i < 500; i++) {
            world.publish(plain("job-" + i, "sleep 9m"));
        }
        world.clock.runUntil(
                () ->
                        first.worker().snapshot().jobs().stream()
                                        .filter(job -> job.state() instanceof JobState.Running)
                                        .count()
                                == 500,
                Duration.ofMinutes(5));

        var left = first.source().revoke(0);
        world.clock.runUntil(left::isDone, Duration.ofSeconds(5));

        assertThat(first.shells().openCount()).isZero();
        assertThat(world.cloud.there()).hasSize(500);
        world.start("second");
        world.clock.runUntil(() -> world.topics.results().size() == 500, Duration.ofMinutes(15));
        assertThat(world.topics.results())
                .allSatisfy(result -> assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED));
        assertThat(world.ground.ledger()).hasSize(500);
    }

    @Test
    void isNotTroubledByItsWallClock() {
        World world = new World(1);
        World.Running worker = world.start("w");
        world.publish(plain("a", "sleep 5m"));
        world.publish(plain("b", "sleep 11m"));
        world.runUntilIn("a", JobState.Running.class);
        worker.process().jumpWallClock(Duration.ofDays(2));
        world.clock.advance(Duration.ofMinutes(1));
        worker.process().jumpWallClock(Duration.ofDays(-4));

        assertThat(world.result("a").outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.result("b").outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(world.ground.ledger()).hasSize(2);
    }

    @Test
    void endsIdleMachinesWhenItGivesAShardBackAndNoneWhenItIsFenced() {
        World world = new World(1);
        World.Running first = world.start("first");
        world.publish(plain("a", "exit 0"));
        world.released("a");
        world.topics.fence(0);
        world.publish(plain("b", "exit 0"));
        world.released("b");
        world.clock.advance(Duration.ofSeconds(1));
        assertThat(world.cloud.there()).hasSize(2);
        var left = first.source().revoke(0);
        world.clock.runUntil(left::isDone, Duration.ofSeconds(5));

        world.clock.advance(Duration.ofSeconds(5));
        // The machine that was idle when the shard was lost is left to its lease.
        assertThat(world.cloud.there()).hasSize(1);
        assertThat(world.ground.ledger()).extracting(FakeRun::machine).doesNotHaveDuplicates();
    }

    @Test
    void touchesNoMachineOnceItsShardIsAnothersEvenIfNobodyHasToldIt() {
        World world = new World(1);
        World.Running first = world.start("first");
        world.publish(plain("a", "exit 0"));
        world.released("a");
        // As if it had been stopped just now, and went on when its idle machines are due.
        world.topics.fence(0);
        world.clock.advance(Duration.ofMinutes(2));

        assertThat(world.cloud.log(FakeCloudEvent.TerminationAsked.class)).isEmpty();
        assertThat(first.worker().snapshot().shards()).containsExactly(0);
        assertThat(world.topics.owners(0)).isEqualTo(2);
    }

    @Test
    void startsNoRunOnceItsShardIsAnothersEvenIfNobodyHasToldIt() {
        World world = new World(1);
        world.start("first");
        world.publish(plain("a", "sleep 1m"));
        world.runUntilIn("a", JobState.Preparing.class);

        world.topics.fence(0);
        world.clock.advance(Duration.ofMillis(900));

        assertThat(world.ground.ledger()).isEmpty();
        assertThat(world.result("a").outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.ground.ledger()).hasSize(1);
    }

    @Test
    void endsTheIdleMachineOfAWorkerThatCrashedAndNoOther() {
        World world = new World(1);
        World.Running first = world.start("first");
        world.publish(plain("a", "exit 0"));
        world.released("a");
        world.publish(plain("b", "sleep 9m"));
        world.runUntilIn("b", JobState.Running.class);
        world.publish(plain("c", "exit 0"));
        world.released("c");
        first.process().crash();
        assertThat(world.cloud.there()).hasSize(2);

        World.Running second = world.start("second");
        world.clock.advance(Duration.ofMinutes(8));

        assertThat(world.cloud.there())
                .extracting(Machine::id)
                .containsExactly(world.ground.ledger().get(1).machine());
        assertThat(second.fleet().snapshot().orphans()).isZero();
        assertThat(world.result("b").outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void movesTheJournalOnlyAlongLegalTransitionsWithAscendingSequence() {
        World world = new World(3);
        world.start("w");
        world.publish(plain("a", "sleep 2s"));
        world.released("a");

        List<JobRecord> history = world.topics.history(0);

        assertThat(history)
                .extracting(record -> record.state().word())
                .containsExactly("launching", "preparing", "running", "settled", "released");
        assertThat(history).extracting(JobRecord::sequence).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
}
