package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spate.async.Deadline;
import dev.spate.async.SystemScheduler;
import dev.spate.config.Configuration;
import dev.spate.ec2.Ec2Cloud;
import dev.spate.fleet.Catalog;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.Machine;
import dev.spate.job.Answer;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineSpec;
import dev.spate.job.Market;
import dev.spate.job.Pool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Looking at machines, and ending them, beside a worker that runs. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class ReapIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private Path data;
    private LocalWorld world;
    private final SystemScheduler scheduler = new SystemScheduler();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws Exception {
        world =
                LocalWorld.start(
                        new LocalWorld.Plan(data, 0, 0, 2, Map.of(), Optional.empty()),
                        Map.of("SPATE_FLEET_IDLE_TIME", "1s"));
    }

    @AfterEach
    void stop() {
        world.close();
        scheduler.close();
    }

    @Test
    void showsMachinesAndEndsOnlyThoseThatNoJobHas() throws Exception {
        assertThat(run("{\"id\": \"busy\", \"run\": \"sleep 20\"}", "submit", "-")).isZero();
        await().atMost(PATIENCE).until(() -> machines().size() == 1 && !jobs(0).isEmpty());
        String busy = machines().getFirst().path("id").asText();
        String orphan = launch(1, 0);
        String stray = launch(2, 7);
        await().atMost(PATIENCE).until(() -> machines().size() == 3);

        assertThat(jobs(0)).isEqualTo("[\"busy\"]");
        assertThat(machines().getFirst().path("costUsd").decimalValue()).isNotNegative();
        assertThat(machines().getFirst().path("leaseSeconds").asLong()).isPositive();
        out.getBuffer().setLength(0);
        assertThat(run("", "machines")).isZero();
        assertThat(out.toString()).contains("JOBS", busy, orphan, stray);

        assertThat(reap("--dry-run")).isZero();
        assertThat(out.toString())
                .containsPattern(orphan + " +would end +no job has it")
                .containsPattern(busy + " +keep +it is wanted by busy")
                .containsPattern(stray + " +keep +its tags name shard 7, and there are 2");
        assertThat(machines()).hasSize(3);

        assertThat(reap()).isZero();
        assertThat(out.toString()).containsPattern(orphan + " +end +no job has it");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ids()).contains(stray).doesNotContain(orphan));
        assertThat(run("", "results", "--follow", "busy")).isZero();
        assertThat(out.toString()).contains("succeeded");
    }

    @Test
    void refusesToLookTwiceTooSoonAndToGuessTheGroup() {
        assertThat(run("", "reap", "--pause", "1s")).isEqualTo(Main.EXIT_USAGE);
        assertThat(err.toString()).contains("--pause: expected at least");

        assertThat(
                        runBare(
                                "machines",
                                "--bootstrap",
                                world.configuration().kafka().bootstrapServers()))
                .isEqualTo(Main.EXIT_USAGE);
        assertThat(err.toString()).contains("group");
    }

    private int reap(String... more) {
        out.getBuffer().setLength(0);
        String[] arguments = new String[more.length + 3];
        arguments[0] = "reap";
        arguments[1] = "--age-min";
        arguments[2] = "0s";
        System.arraycopy(more, 0, arguments, 3, more.length);
        return run("", arguments);
    }

    private List<JsonNode> machines() throws Exception {
        out.getBuffer().setLength(0);
        assertThat(run("", "machines", "--json")).as(err.toString()).isZero();
        return out.toString().lines().map(ReapIT::parsed).toList();
    }

    private List<String> ids() throws Exception {
        return machines().stream().map(machine -> machine.path("id").asText()).toList();
    }

    private String jobs(int index) throws Exception {
        JsonNode jobs = machines().get(index).path("jobs");
        return jobs.isEmpty() ? "" : jobs.toString();
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException wrong) {
            throw new AssertionError(line, wrong);
        }
    }

    /** A machine of the group that no journal knows. */
    private String launch(int number, int shard) throws Exception {
        Configuration configuration = world.configuration();
        Launch launch =
                new Launch(
                        new LaunchToken("%064x".formatted(number)),
                        shard,
                        new MachineSpec(
                                "ubuntu-24.04",
                                List.of("c7i.large"),
                                Market.ON_DEMAND,
                                Optional.empty(),
                                Optional.empty()),
                        imageId(),
                        new Pool(Market.ON_DEMAND, "c7i.large", Optional.empty()),
                        1,
                        Duration.ofMinutes(10),
                        scheduler.now().plus(Duration.ofMinutes(10)),
                        Optional.empty());
        try (Ec2Cloud cloud =
                new Ec2Cloud(configuration.ec2(), scheduler, new Random(1), FleetEvents.NONE)) {
            return switch (cloud.launch(launch, "#cloud-config\n", deadline())) {
                case Answer.Ok<List<Machine>>(List<Machine> made) -> made.getFirst().id().value();
                case Answer.Failed<List<Machine>> failed -> throw new AssertionError(failed);
            };
        }
    }

    private String imageId() throws Exception {
        try (Ec2Cloud cloud =
                new Ec2Cloud(
                        world.configuration().ec2(), scheduler, new Random(1), FleetEvents.NONE)) {
            return switch (cloud.catalog(Set.of("ubuntu-24.04"), Set.of(), deadline())) {
                case Answer.Ok<Catalog>(var catalog) ->
                        Objects.requireNonNull(catalog.imageIds().get("ubuntu-24.04"));
                case Answer.Failed<Catalog> failed -> throw new AssertionError(failed);
            };
        }
    }

    private Deadline deadline() {
        return Deadline.after(scheduler, PATIENCE);
    }

    private int run(String in, String... arguments) {
        return run(in, Map.of("SPATE_CONFIG", data.resolve("client.yaml").toString()), arguments);
    }

    private int runBare(String... arguments) {
        return run("", Map.of(), arguments);
    }

    private int run(String in, Map<String, String> environment, String... arguments) {
        err.getBuffer().setLength(0);
        return Main.run(
                new Terminal(
                        new ByteArrayInputStream(in.getBytes(UTF_8)),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        environment,
                        false),
                arguments);
    }
}
