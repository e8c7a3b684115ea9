package dev.spate.engine;

import static dev.spate.job.SampleJobs.MACHINE;
import static dev.spate.job.SampleJobs.plain;
import static dev.spate.job.SampleJobs.role;
import static dev.spate.job.SampleJobs.served;
import static dev.spate.job.SampleJobs.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Batch;
import dev.spate.fleet.FakeGround.FakeRun;
import dev.spate.job.Ending;
import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a job that nothing comes in the way of but itself. */
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
                .containsOnly(world.machine(0));
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
        world.publish(served("a", 3, "sleep 5s"));

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
