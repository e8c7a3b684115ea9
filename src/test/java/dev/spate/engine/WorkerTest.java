package dev.spate.engine;

import static dev.spate.job.SampleJobs.MACHINE;
import static dev.spate.job.SampleJobs.plain;
import static dev.spate.job.SampleJobs.role;
import static dev.spate.job.SampleJobs.with;
import static dev.spate.job.SampleJobs.withPatience;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Batch;
import dev.spate.fleet.FakeGround.FakeRun;
import dev.spate.fleet.FleetSettings;
import dev.spate.fleet.Machine;
import dev.spate.job.Ending;
import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import dev.spate.job.JobState;
import dev.spate.job.MachineId;
import dev.spate.job.MachineSpec;
import dev.spate.job.Market;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import dev.spate.job.Pool;
import dev.spate.job.RelativePath;
import dev.spate.job.Retries;
import dev.spate.job.Role;
import dev.spate.job.SampleJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WorkerTest {

    private final World world = new World(1);

    @Test
    void runsAJobAndPublishesOneResult() {
        world.start("w");
        world.publish(plain("a", "echo hello"));

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(result.exitCode()).hasValue(0);
        assertThat(result.attempt()).isEqualTo(1);
        assertThat(result.members())
                .singleElement()
                .satisfies(
                        member -> {
                            assertThat(member.out().head()).isEqualTo("hello\n");
                            assertThat(member.exitCode()).hasValue(0);
                        });
        assertThat(result.phases())
                .containsKeys(Phase.QUEUED, Phase.LAUNCH, Phase.BOOT, Phase.CONNECT, Phase.RUN);
        assertThat(result.costUsd()).isPresent();
    }

    @Test
    void givesTheMachineBackWhenNobodyElseNeedsIt() {
        world.start("w");
        world.publish(plain("a", "exit 0"));
        world.released("a");
        assertThat(world.cloud.there()).hasSize(1);

        world.clock.advance(Duration.ofMinutes(5));

        assertThat(world.cloud.there()).isEmpty();
    }

    @Test
    void servesTheNextJobWithTheSameMachine() {
        world.start("w");
        world.publish(plain("a", "exit 0"));
        world.released("a");
        world.publish(plain("b", "exit 0"));
        world.released("b");

        assertThat(world.ground.ledger())
                .extracting(FakeRun::machine)
                .hasSize(2)
                .containsOnly(machine(0));
    }

    @Test
    void leavesAJobThatDoesNotWantAUsedMachineItsOwn() {
        world.start("w");
        world.publish(SampleJobs.withoutReuse(plain("a", "exit 0")));
        world.released("a");

        assertThat(world.cloud.there()).isEmpty();
    }

    @Test
    void givesNobodyAMachineWhoseOutputsCouldNotBeFetched() {
        world.start("w");
        world.publish(withOutput("a", "unreadable.csv"));
        world.released("a");
        world.publish(plain("b", "exit 0"));
        world.released("b");

        assertThat(world.result("a").outcome()).isNotEqualTo(Outcome.SUCCEEDED);
        List<MachineId> machines = world.ground.ledger().stream().map(FakeRun::machine).toList();
        assertThat(machines).doesNotHaveDuplicates();
    }

    @Test
    void saysThatAJobFailedAndHow() {
        world.start("w");
        world.publish(plain("a", "echo no\nexit 3"));

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.exitCode()).hasValue(3);
        assertThat(result.error()).hasValue(new Failure(Failure.Kind.JOB, "main-0 exited with 3"));
    }

    @Test
    void keepsOnRecordWhatTheResultSaidInShort() {
        world.start("w");
        world.publish(plain("a", "echo no\nexit 3"));

        JobRecord record = world.released("a");

        JobResult result = world.result("a");
        Ending ending = record.state().endingIfSettled().orElseThrow();
        assertThat(ending.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(ending.error()).isEqualTo(result.error());
        assertThat(ending.exitCode()).hasValue(3);
        assertThat(ending.startedAt()).isEqualTo(result.startedAt()).isPresent();
        assertThat(ending.members())
                .singleElement()
                .satisfies(
                        member -> {
                            assertThat(member.member()).hasToString("main-0");
                            assertThat(member.machine())
                                    .isEqualTo(result.members().getFirst().machine());
                            assertThat(member.exitCode()).hasValue(3);
                        });
    }

    @Test
    void triesAFailedJobAgainIfToldTo() {
        world.start("w");
        world.publish(with(plain("a", "exit 3"), new Retries(0, 2)));

        JobResult result = world.result("a");

        assertThat(result.attempt()).isEqualTo(3);
        assertThat(result.error().orElseThrow().message())
                .isEqualTo("main-0 exited with 3; all retries spent (retries.failed 2)");
        assertThat(world.ground.ledger()).hasSize(3);
    }

    @Test
    void endsAJobThatRunsTooLong() {
        world.start("w");
        world.publish(plain("a", "sleep 11m"));

        assertThat(world.result("a").outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(world.result("a").error().orElseThrow().message())
                .isEqualTo("ran longer than its timeout of 10m");
    }

    @Test
    void failsAJobWhoseSetupFails() {
        world.start("w");
        world.publish(
                SampleJobs.of(
                        "a",
                        List.of(role("main", 1, false, "exit 0", Optional.of("fail"), MACHINE))));

        assertThat(world.result("a").outcome()).isEqualTo(Outcome.FAILED);
        assertThat(world.ground.ledger()).isEmpty();
    }

    @Test
    void startsAllMembersOnceAllAreReadyAndTellsThemOfEachOther() {
        world.cloud.boot(Duration.ofSeconds(1), Duration.ofSeconds(60));
        world.start("w");
        world.publish(
                SampleJobs.of(
                        "a",
                        List.of(
                                role("server", 1, true, "hang"),
                                role("client", 3, false, "sleep 5s"))));

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        List<FakeRun> runs = world.ground.ledger();
        assertThat(runs).hasSize(4);
        assertThat(Duration.between(runs.getFirst().startedAt(), runs.getLast().startedAt()))
                .isLessThan(Duration.ofSeconds(1));
        assertThat(runs.getFirst().key().member()).hasToString("server-0");
        assertThat(runs.getFirst().ended())
                .hasValueSatisfying(end -> assertThat(end).hasToString("Stopped[]"));
        assertThat(runs.getLast().run().env())
                .containsKeys("SPATE_SERVER_0_ADDRESS", "SPATE_CLIENT_ADDRESSES", "SPATE_ADDRESS")
                .containsEntry("SPATE_CLIENT_COUNT", "3");
    }

    @Test
    void startsNobodyIfOneMachineDoesNotCome() {
        world.cloud.capacity(new Pool(Market.ON_DEMAND, "c7i.large", Optional.of("eu-west-1a")), 1);
        world.cloud.capacity(new Pool(Market.ON_DEMAND, "c7i.large", Optional.of("eu-west-1b")), 0);
        MachineSpec either =
                new MachineSpec(
                        "ubuntu-24.04",
                        List.of("c7i.large", "c6i.large"),
                        Market.ON_DEMAND,
                        Optional.empty(),
                        Optional.empty());
        world.cloud.type("c7i.large", "0.01", "").type("c6i.large", "0.02", "");
        world.start("w");
        world.publish(
                SampleJobs.of(
                        "a", List.of(role("main", 3, false, "exit 0", Optional.empty(), either))));

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(result.attempt()).isEqualTo(1);
        assertThat(result.members())
                .extracting(member -> member.pool().type())
                .containsOnly("c6i.large");
        assertThat(world.ground.ledger()).hasSize(3);
    }

    @Test
    void givesUpWhenNoMachineIsToBeHadWithinTheJobsPatience() {
        world.cloud.quota(Market.ON_DEMAND, 0);
        world.start("w");
        world.publish(withPatience(plain("a", "exit 0"), Duration.ofMinutes(10)));

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(result.error().orElseThrow().message())
                .startsWith("no machines within the job's patience of 10m: ");
        assertThat(result.settledAt())
                .isAfterOrEqualTo(result.publishedAt().plus(Duration.ofMinutes(10)));
    }

    @Test
    void waitsForCapacityThatComesBack() {
        world.cloud.quota(Market.ON_DEMAND, 0);
        world.start("w");
        world.publish(plain("a", "exit 0"));
        world.clock.advance(Duration.ofMinutes(10));
        world.cloud.quota(Market.ON_DEMAND, 100);

        assertThat(world.result("a").outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.result("a").attempt()).isEqualTo(1);
    }

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
    void cancelsAJobThatWaits() {
        world.cloud.quota(Market.ON_DEMAND, 0);
        world.start("w");
        world.publish(plain("a", "exit 0"));
        world.clock.advance(Duration.ofMinutes(1));
        world.cancel("a");

        assertThat(world.result("a").outcome()).isEqualTo(Outcome.CANCELLED);
        world.released("a");
        assertThat(world.ground.ledger()).isEmpty();
    }

    @Test
    void cancelsAJobThatRunsAndEndsItsMachine() {
        world.start("w");
        world.publish(plain("a", "hang"));
        world.runUntilIn("a", JobState.Running.class);
        world.cancel("a");

        assertThat(world.result("a").outcome()).isEqualTo(Outcome.CANCELLED);
        world.released("a");
        assertThat(world.ground.ledger().getFirst().ended()).isPresent();
        assertThat(world.cloud.there()).isEmpty();
    }

    @Test
    void cancelsAJobWhoseMachinesAreBeingLaunched() {
        world.cloud.latency(Duration.ofSeconds(10));
        world.start("w");
        world.publish(plain("a", "hang"));
        world.runUntilIn("a", JobState.Launching.class);
        world.cancel("a");

        assertThat(world.result("a").outcome()).isEqualTo(Outcome.CANCELLED);
        world.released("a");
        assertThat(world.cloud.there()).isEmpty();
        assertThat(world.ground.ledger()).isEmpty();
    }

    @Test
    void leavesAResultAloneThatCameBeforeTheCancellation() {
        world.start("w");
        world.publish(plain("a", "exit 0"));
        world.released("a");
        world.cancel("a");
        world.clock.advance(Duration.ofMinutes(1));

        assertThat(world.topics.results())
                .singleElement()
                .satisfies(result -> assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED));
    }

    @Test
    void rejectsAJobThatNamesAnUnknownImageBeforeAnythingIsLaunched() {
        world.start("w");
        MachineSpec odd =
                new MachineSpec(
                        "plan-9",
                        List.of("c7i.large"),
                        Market.ON_DEMAND,
                        Optional.empty(),
                        Optional.empty());
        world.publish(
                SampleJobs.of(
                        "a", List.of(role("main", 1, false, "exit 0", Optional.empty(), odd))));

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(result.error().orElseThrow().message())
                .isEqualTo("machine.image: there is no plan-9 in eu-west-1");
        assertThat(world.topics.rejects()).hasSize(1);
        assertThat(world.cloud.there()).isEmpty();
    }

    @Test
    void runsARepeatedMessageOnce() {
        world.start("w");
        world.publish(plain("a", "exit 0"));
        world.publish(plain("a", "exit 0"));
        world.released("a");
        world.publish(plain("a", "exit 0"));
        world.clock.advance(Duration.ofMinutes(10));

        assertThat(world.topics.results()).hasSize(1);
        assertThat(world.ground.ledger()).hasSize(1);
        assertThat(world.topics.consumedTo(0)).isEqualTo(3);
    }

    @Test
    void doesNotLetASlowJobDelayTheOthersOfItsBatch() {
        world.start("w");
        world.publish(plain("slow", "sleep 9m"));
        world.publish(plain("quick", "exit 0"));

        JobResult quick = world.result("quick");

        assertThat(Duration.between(quick.publishedAt(), quick.settledAt()))
                .isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void servesAFloodWithTheMachinesItMayHave() {
        FleetSettings defaults = world.fleetSettings;
        world.fleetSettings = withMachinesMax(defaults, 20);
        world.start("w");
        for (int i = 0; i < 500; i++) {
            world.publish(plain("job-" + i, "sleep 1s"));
        }

        world.clock.runUntil(() -> world.topics.results().size() == 500, Duration.ofHours(1));

        assertThat(world.topics.results())
                .extracting(JobResult::outcome)
                .containsOnly(Outcome.SUCCEEDED);
        assertThat(world.ground.ledger()).extracting(FakeRun::machine).containsOnly(machines(20));
    }

    @Test
    void letsAJobOfAnotherKindHaveTheRoomOfIdleMachines() {
        world.fleetSettings = withMachinesMax(world.fleetSettings, 1);
        world.start("w");
        world.publish(plain("a", "exit 0"));
        world.released("a");
        MachineSpec other =
                new MachineSpec(
                        "ubuntu-24.04",
                        List.of("t3.small"),
                        Market.ON_DEMAND,
                        Optional.empty(),
                        Optional.empty());
        world.publish(
                SampleJobs.of(
                        "b", List.of(role("main", 1, false, "exit 0", Optional.empty(), other))));

        JobResult result = world.result("b");

        assertThat(Duration.between(result.publishedAt(), result.settledAt()))
                .isLessThan(Duration.ofSeconds(30));
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
        world.publish(
                SampleJobs.of(
                        "a",
                        List.of(
                                role("server", 1, true, "hang"),
                                role("client", 1, false, "sleep 2m"))));
        world.runUntilIn("a", JobState.Running.class);
        world.cloud.kill(world.ground.ledger().getFirst().machine());
        world.clock.runUntil(() -> world.ground.ledger().size() == 4, Duration.ofMinutes(1));

        assertThat(world.result("a").attempt()).isEqualTo(2);
        assertThat(world.result("a").outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void doesNotHoldAResultUpForAMachineInTheBackgroundThatCannotBeReached() {
        World.Running worker = world.start("w");
        world.publish(
                SampleJobs.of(
                        "a",
                        List.of(
                                role("server", 1, true, "hang"),
                                role("client", 1, false, "sleep 1m"))));
        world.runUntilIn("a", JobState.Running.class);
        worker.shells().cutOff(world.ground.ledger().getFirst().machine());
        worker.shells().breakConnections();

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(Duration.between(result.publishedAt(), result.settledAt()))
                .isLessThan(Duration.ofMinutes(3));
    }

    @Test
    void stopsAJobThatHasHadMachinesForAsLongAsItMay() {
        world.engineSettings = withMachineTimeMax(world.engineSettings, Duration.ofMinutes(9));
        world.start("w");
        world.publish(SampleJobs.of("a", List.of(SampleJobs.role("all", 3, false, "sleep 8m"))));
        world.publish(plain("b", "sleep 8m"));

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(result.error().orElseThrow().message()).contains("machineTimeMax", "9m");
        assertThat(result.machineTime())
                .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(9).plusSeconds(30));
        assertThat(world.result("b").outcome()).isEqualTo(Outcome.SUCCEEDED);
        world.released("a");
        assertThat(world.ground.ledger()).hasSize(4);
    }

    @Test
    void countsTheMachineTimeOfAllAttemptsTogether() {
        world.engineSettings = withMachineTimeMax(world.engineSettings, Duration.ofMinutes(9));
        world.start("w");
        world.publish(
                SampleJobs.with(
                        plain("a", "sleep 5m\nexit 1"),
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        new Retries(0, 10),
                        false));

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(result.attempt()).isEqualTo(2);
        assertThat(result.machineTime()).isLessThan(Duration.ofMinutes(10));
    }

    @Test
    void cancelsARunningJobWhileTheShardIsFull() {
        world.engineSettings = withJobsMax(world.engineSettings, 1);
        world.start("w");
        world.publish(plain("a", "hang"));
        world.runUntilIn("a", JobState.Running.class);
        world.publish(plain("b", "exit 0"));
        world.cancel("a");

        assertThat(world.result("a").outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(world.result("b").outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void goesOnWithTheJournalWhenSomethingFailsThatNobodyExpected() {
        world.events =
                new EngineEvents() {
                    private boolean hasFailed;

                    @Override
                    public void batch(int size, Batch.Cut cut) {
                        if (!hasFailed) {
                            hasFailed = true;
                            throw new IllegalStateException("a bug");
                        }
                    }
                };
        world.start("w");
        world.publish(plain("a", "exit 0"));

        assertThat(world.result("a").outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(world.topics.results()).hasSize(1);
    }

    private static EngineSettings withJobsMax(EngineSettings settings, int jobsMax) {
        return new EngineSettings(
                jobsMax,
                settings.troubledMax(),
                settings.launchesMax(),
                settings.machineTimeMax(),
                settings.headBytesMax(),
                settings.tailBytesMax(),
                settings.logBytesMax(),
                settings.dedupeWindow(),
                settings.idsMax(),
                settings.callTimeout(),
                settings.retryPause(),
                settings.overrun());
    }

    private static EngineSettings withMachineTimeMax(EngineSettings settings, Duration max) {
        return new EngineSettings(
                settings.jobsMax(),
                settings.troubledMax(),
                settings.launchesMax(),
                max,
                settings.headBytesMax(),
                settings.tailBytesMax(),
                settings.logBytesMax(),
                settings.dedupeWindow(),
                settings.idsMax(),
                settings.callTimeout(),
                settings.retryPause(),
                settings.overrun());
    }

    private static FleetSettings withMachinesMax(FleetSettings settings, int machinesMax) {
        return settings.withMachines(machinesMax, settings.machinesPerMinuteMax());
    }

    private MachineId machine(int index) {
        return world.ground.ledger().get(index).machine();
    }

    private MachineId[] machines(int count) {
        return world.ground.ledger().stream()
                .map(FakeRun::machine)
                .distinct()
                .limit(count)
                .toArray(MachineId[]::new);
    }

    private static Job withOutput(String id, String path) {
        Role plain = role("main", 1, false, "exit 0");
        return SampleJobs.of(
                id,
                List.of(
                        new Role(
                                plain.name(),
                                plain.count(),
                                plain.isBackground(),
                                plain.machine(),
                                plain.setup(),
                                plain.run(),
                                plain.env(),
                                plain.files(),
                                List.of(new RelativePath(path)))));
    }
}
