package dev.spate.engine;

import static dev.spate.job.SampleJobs.MACHINE;
import static dev.spate.job.SampleJobs.plain;
import static dev.spate.job.SampleJobs.role;
import static dev.spate.job.SampleJobs.served;
import static dev.spate.job.SampleJobs.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.fleet.FakeGround.FakeRun;
import dev.spate.fleet.Machine;
import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobResult;
import dev.spate.job.JobState;
import dev.spate.job.MachineId;
import dev.spate.job.MachineSpec;
import dev.spate.job.Market;
import dev.spate.job.Outcome;
import dev.spate.job.Retries;
import dev.spate.job.SampleJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Machines go, or are not what they should be; jobs are tried again. */
final class LostMachineTest {

    private final World world = new World(1);

    @Test
    void replacesAMachineThatIsLost() {
        world.start("w");
        world.publish(plain("a", "sleep 1m"));
        world.runUntilIn("a", JobState.Running.class);
        MachineId first = world.ground.ledger().getFirst().machine();
        world.cloud.kill(first);

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(result.attempt()).isEqualTo(2);
        assertThat(world.ground.ledger())
                .extracting(FakeRun::machine)
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void givesUpWhenMachinesAreLostTooOften() {
        world.start("w");
        world.publish(with(plain("a", "sleep 1m"), new Retries(1, 0)));
        for (int attempt = 1; attempt <= 2; attempt++) {
            int number = attempt;
            world.clock.runUntil(() -> world.ground.ledger().size() == number, Duration.ofHours(1));
            world.clock.advance(Duration.ofSeconds(10));
            world.cloud.kill(world.ground.ledger().getLast().machine());
        }

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.LOST);
        assertThat(result.error().orElseThrow().message())
                .endsWith("; all retries spent (retries.lost 1)");
    }

    @Test
    void beginsTheNextAttemptAtTheNoticeOfASpotInterruption() {
        world.start("w");
        world.publish(onSpot(plain("a", "sleep 9m")));
        world.runUntilIn("a", JobState.Running.class);
        world.clock.advance(Duration.ofSeconds(10));
        Instant noticedAt = world.clock.now();
        world.ground.giveNotice(world.ground.ledger().getFirst().machine());

        world.clock.runUntil(() -> world.ground.ledger().size() == 2, Duration.ofHours(1));

        FakeRun first = world.ground.ledger().getFirst();
        FakeRun second = world.ground.ledger().getLast();
        assertThat(Duration.between(noticedAt, second.startedAt()))
                .isLessThan(Duration.ofMinutes(1));
        assertThat(world.cloud.there()).extracting(Machine::id).containsOnly(second.machine());
        assertThat(first.machine()).isNotEqualTo(second.machine());
        assertThat(world.result("a").attempt()).isEqualTo(2);
        assertThat(world.result("a").outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void letsTheLastAttemptRunOnAfterTheNoticeOfASpotInterruption() {
        world.start("w");
        world.publish(with(onSpot(plain("a", "sleep 1m")), new Retries(0, 0)));
        world.runUntilIn("a", JobState.Running.class);
        world.ground.giveNotice(world.ground.ledger().getFirst().machine());

        assertThat(world.result("a").outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.ground.ledger()).hasSize(1);
    }

    @Test
    void saysThatASpotMachineWasTakenBackWhenAllRetriesAreSpent() {
        world.start("w");
        world.publish(with(onSpot(plain("a", "sleep 5m")), new Retries(0, 0)));
        world.runUntilIn("a", JobState.Running.class);
        MachineId machine = world.ground.ledger().getFirst().machine();
        world.ground.giveNotice(machine);
        world.clock.advance(Duration.ofMinutes(2));
        world.cloud.interrupt(machine);

        assertThat(world.result("a").outcome()).isEqualTo(Outcome.LOST);
        assertThat(world.topics.results()).hasSize(1);
    }

    private static Job onSpot(Job job) {
        MachineSpec spot =
                new MachineSpec(
                        MACHINE.image(),
                        MACHINE.types(),
                        Market.SPOT,
                        Optional.empty(),
                        Optional.empty());
        return SampleJobs.of(
                job.id().value(),
                List.of(
                        role(
                                "main",
                                1,
                                false,
                                job.roles().getFirst().run(),
                                Optional.empty(),
                                spot)));
    }

    @Test
    void givesUpAJobWhoseMachinesNeverComeUpAndDoesTheOthers() {
        world.start("w");
        world.publish(plain("good", "exit 0"));
        world.released("good");
        world.cloud.boot(Duration.ofHours(2), Duration.ofHours(2));
        world.publish(SampleJobs.withoutReuse(plain("bad", "exit 0")));

        JobResult result = world.result("bad");

        assertThat(result.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(result.error().orElseThrow().message()).contains("given up after 4 attempts");
        world.released("bad");
        world.clock.advance(Duration.ofMinutes(30));
        assertThat(world.cloud.there()).isEmpty();
    }

    @Test
    void countsARunThatVanishedAsLost() {
        world.start("w");
        world.publish(with(plain("a", "sleep 1m"), new Retries(0, 0)));
        world.runUntilIn("a", JobState.Running.class);
        world.ground.vanish(world.ground.ledger().getFirst().key());

        assertThat(world.result("a").outcome()).isEqualTo(Outcome.LOST);
    }

    @Test
    void doesNotTrustAMachineThatIsNotTheOneItShouldBe() {
        World.Running worker = world.start("w");
        world.publish(plain("a", "exit 0"));
        world.runUntilIn("a", JobState.Preparing.class);
        MachineId impostor = world.cloud.there().getFirst().id();
        worker.shells().replace(impostor);

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.ground.ledger())
                .singleElement()
                .satisfies(run -> assertThat(run.machine()).isNotEqualTo(impostor));
        assertThat(world.cloud.there()).extracting(Machine::id).doesNotContain(impostor);
    }

    @Test
    void goesOnWhenAConnectionBreaks() {
        World.Running worker = world.start("w");
        world.publish(plain("a", "echo x\nsleep 1m"));
        world.runUntilIn("a", JobState.Running.class);
        for (int i = 0; i < 5; i++) {
            world.clock.advance(Duration.ofSeconds(5));
            worker.shells().breakConnections();
        }

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(result.members().getFirst().out().head()).isEqualTo("x\n");
        assertThat(world.ground.ledger()).hasSize(1);
    }

    @Test
    void doesNotChargeAMachineLostBeforeTheJobRanToTheJob() {
        world.start("w");
        world.publish(with(plain("a", "exit 0"), new Retries(0, 0)));
        world.runUntilIn("a", JobState.Preparing.class);
        world.cloud.kill(world.cloud.there().getFirst().id());

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.ground.ledger()).hasSize(1);
    }

    @Test
    void doesNotWaitForAMachineThatTheCloudSaysItCouldNotBoot() {
        world.start("w");
        world.publish(plain("a", "exit 0"));
        world.runUntilIn("a", JobState.Preparing.class);
        Instant failed = world.clock.now();
        world.cloud.kill(
                world.cloud.there().getFirst().id(),
                new Failure(Failure.Kind.INFRASTRUCTURE, "internal error on launch"));

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(result.attempt()).isEqualTo(2);
        assertThat(Duration.between(failed, world.clock.now())).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void losesTheAttemptWithAMachineInTheBackground() {
        world.start("w");
        world.publish(served("a", 1, "sleep 2m"));
        world.runUntilIn("a", JobState.Running.class);
        world.cloud.kill(world.ground.ledger().getFirst().machine());
        world.clock.runUntil(() -> world.ground.ledger().size() == 4, Duration.ofMinutes(1));

        assertThat(world.result("a").attempt()).isEqualTo(2);
        assertThat(world.result("a").outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void doesNotHoldAResultUpForAMachineInTheBackgroundThatCannotBeReached() {
        World.Running worker = world.start("w");
        world.publish(served("a", 1, "sleep 1m"));
        world.runUntilIn("a", JobState.Running.class);
        worker.shells().cutOff(world.ground.ledger().getFirst().machine());
        worker.shells().breakConnections();

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(Duration.between(result.publishedAt(), result.settledAt()))
                .isLessThan(Duration.ofMinutes(3));
    }
}
