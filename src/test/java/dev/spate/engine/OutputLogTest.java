package dev.spate.engine;

import static dev.spate.job.SampleJobs.plain;
import static dev.spate.job.SampleJobs.role;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.JobResult;
import dev.spate.job.JobState;
import dev.spate.job.Member;
import dev.spate.job.Outcome;
import dev.spate.job.Retries;
import dev.spate.job.RoleName;
import dev.spate.job.SampleJobs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What workers publish of what jobs write, while they run. */
final class OutputLogTest {

    private static final Member MAIN = new Member(RoleName.MAIN, 0);

    private final World world = new World(1);
    private final FakeOutputLog log = new FakeOutputLog();

    OutputLogTest() {
        world.output = log;
    }

    @Test
    void publishesWhatAJobWritesWhileItRuns() {
        world.start("w");
        world.publish(plain("a", "echo one\nsleep 1m\necho two\nsleep 1m"));
        world.runUntilIn("a", JobState.Running.class);
        world.clock.advance(Duration.ofSeconds(90));

        assertThat(log.said("a", MAIN, 1)).containsExactly("stdout@0 one\n", "stdout@4 two\n");

        world.result("a");
        assertThat(log.said("a", MAIN, 1))
                .containsExactly("stdout@0 one\n", "stdout@4 two\n", "stdout@8 ");
    }

    @Test
    void publishesTheSameAgainAfterATakeover() {
        World.Running first = world.start("first");
        world.publish(plain("a", "echo one\nsleep 1m\necho two\nsleep 5m"));
        world.runUntilIn("a", JobState.Running.class);
        world.clock.advance(Duration.ofSeconds(90));
        first.process().crash();
        world.start("second");

        world.result("a");

        assertThat(log.said("a", MAIN, 1))
                .containsExactly(
                        "stdout@0 one\n", "stdout@4 two\n", "stdout@0 one\ntwo\n", "stdout@8 ");
    }

    @Test
    void publishesEveryAttemptFromItsBeginning() {
        world.start("w");
        world.publish(SampleJobs.with(plain("a", "echo x\nexit 1"), new Retries(0, 1)));

        assertThat(world.result("a").attempt()).isEqualTo(2);

        assertThat(log.said("a", MAIN, 1)).containsExactly("stdout@0 x\n");
        assertThat(log.said("a", MAIN, 2)).containsExactly("stdout@0 x\n", "stdout@2 ");
    }

    @Test
    void sharesTheRoomAmongTheMembers() {
        world.engineSettings = withLogBytesMax(world.engineSettings, 8);
        world.start("w");
        world.publish(SampleJobs.of("a", List.of(role("main", 2, false, "echo 0123456789"))));

        JobResult result = world.result("a");

        assertThat(result.members().getFirst().out().head()).isEqualTo("0123456789\n");
        for (int index = 0; index < 2; index++) {
            assertThat(log.said("a", new Member(RoleName.MAIN, index), 1))
                    .containsExactly("stdout@0 0123", "stdout@4 capped");
        }
    }

    @Test
    void publishesNothingOfAJobThatDoesNotWantIt() {
        world.start("w");
        world.publish(SampleJobs.withoutLogs(plain("a", "echo x")));

        assertThat(world.result("a").members().getFirst().out().head()).isEqualTo("x\n");
        assertThat(log.entries()).isEmpty();
    }

    @Test
    void doesNotHoldUpAResultForLongIfNothingCanBePublished() {
        log.getStuck();
        world.start("w");
        world.publish(plain("a", "echo x\nsleep 10s"));
        world.runUntilIn("a", JobState.Running.class);

        JobResult result = world.result("a");

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(Duration.between(result.startedAt().orElseThrow(), result.settledAt()))
                .isLessThan(Duration.ofSeconds(13));
    }

    @Test
    void doesNotHoldUpAResultAtAllIfNothingWasPublished() {
        world.start("w");
        world.publish(SampleJobs.withoutLogs(plain("loud", "echo x")));
        world.publish(plain("silent", "sleep 1s"));
        world.result("loud");
        world.result("silent");

        assertThat(log.flushes()).isZero();
    }

    private static EngineSettings withLogBytesMax(EngineSettings settings, int bytesMax) {
        return new EngineSettings(
                settings.jobsMax(),
                settings.troubledMax(),
                settings.launchesMax(),
                settings.machineTimeMax(),
                settings.headBytesMax(),
                settings.tailBytesMax(),
                bytesMax,
                settings.dedupeWindow(),
                settings.idsMax(),
                settings.callTimeout(),
                settings.retryPause(),
                settings.overrun());
    }
}
