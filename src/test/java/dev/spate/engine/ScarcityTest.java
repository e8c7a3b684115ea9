package dev.spate.engine;

import static dev.spate.job.SampleJobs.plain;
import static dev.spate.job.SampleJobs.role;
import static dev.spate.job.SampleJobs.withPatience;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.fleet.FakeGround.FakeRun;
import dev.spate.fleet.FleetSettings;
import dev.spate.job.JobResult;
import dev.spate.job.MachineId;
import dev.spate.job.MachineSpec;
import dev.spate.job.Market;
import dev.spate.job.Outcome;
import dev.spate.job.Retries;
import dev.spate.job.SampleJobs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** More jobs than machines, or than time on machines. */
final class ScarcityTest {

    private final World world = new World(1);

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

    private MachineId[] machines(int count) {
        return world.ground.ledger().stream()
                .map(FakeRun::machine)
                .distinct()
                .limit(count)
                .toArray(MachineId[]::new);
    }
}
