package dev.spate.engine;

import static dev.spate.job.SampleJobs.plain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.JobState;
import dev.spate.job.Market;
import dev.spate.job.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Jobs that nobody wants any more, at whatever moment. */
final class CancellationTest {

    private final World world = new World(1);

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
}
