package dev.spate.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Deadline;
import dev.spate.async.SystemScheduler;
import dev.spate.ec2.Ec2Settings.Endpoint;
import dev.spate.fleet.Catalog;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.Machine;
import dev.spate.job.Answer;
import dev.spate.job.ByteSize;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.MachineId;
import dev.spate.job.MachineSpec;
import dev.spate.job.Market;
import dev.spate.job.Pool;
import dev.spate.local.CloudOptions;
import dev.spate.local.SimulatedCloud;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From the catalog to the end of the machines, with every third call or answer going wrong. */
@Timeout(60)
final class Ec2AgainstSimulatedCloudIT {

    @Test
    void startsEachMachineOnceAndEndsItThroughLostRepliesAndServerErrors(@TempDir Path directory)
            throws Exception {
        CloudOptions options =
                CloudOptions.in(directory)
                        .withSshPort(20_022)
                        .with("faults.lostReply", "0.2")
                        .with("faults.serverError", "0.15");
        try (SystemScheduler scheduler = new SystemScheduler();
                SimulatedCloud simulated = SimulatedCloud.start(options, scheduler);
                Ec2Cloud cloud = cloud(simulated, scheduler)) {
            Deadline deadline = Deadline.after(scheduler, Duration.ofSeconds(50));
            Catalog catalog =
                    value(
                            cloud.catalog(
                                    Set.of("ubuntu-24.04", "nonsense"),
                                    Set.of("c7i.large", "c7i.nonsense"),
                                    deadline));
            assertThat(catalog.imageIds()).containsOnlyKeys("ubuntu-24.04");
            assertThat(catalog.types()).containsOnlyKeys("c7i.large");
            Launch launch = launch(Objects.requireNonNull(catalog.imageIds().get("ubuntu-24.04")));

            List<Machine> first = value(cloud.launch(launch, "#cloud-config\n", deadline));
            List<Machine> second = value(cloud.launch(launch, "#cloud-config\n", deadline));

            assertThat(first).extracting(Machine::index).containsExactlyInAnyOrder(0, 1);
            assertThat(ids(second)).isEqualTo(ids(first));
            assertThat(simulated.machines()).hasSize(2);
            awaitListed(cloud, scheduler, deadline, 2);

            Set<MachineId> all = new HashSet<>(ids(first));
            all.add(new MachineId("i-00000000000000000"));
            assertThat(value(cloud.terminate(all, deadline))).isEmpty();
            awaitListed(cloud, scheduler, deadline, 0);
        }
    }

    private static void awaitListed(
            Ec2Cloud cloud, SystemScheduler scheduler, Deadline deadline, int count)
            throws InterruptedException {
        while (value(cloud.list(deadline)).size() != count) {
            assertThat(deadline.hasPassed(scheduler)).isFalse();
            scheduler.sleep(Duration.ofMillis(100));
        }
    }

    private static Ec2Cloud cloud(SimulatedCloud simulated, SystemScheduler scheduler) {
        Ec2Settings settings =
                Ec2Settings.of("bench")
                        .with(Endpoint.simulated(simulated.endpoint(), simulated.region()))
                        .withTriesMax(10);
        return new Ec2Cloud(settings, scheduler, new Random(1), FleetEvents.NONE);
    }

    private static Launch launch(String imageId) {
        MachineSpec spec =
                new MachineSpec(
                        "ubuntu-24.04",
                        List.of("c7i.large"),
                        Market.SPOT,
                        Optional.empty(),
                        Optional.of(ByteSize.ofGiB(20)));
        return new Launch(
                Samples.TOKEN,
                3,
                spec,
                imageId,
                new Pool(Market.SPOT, "c7i.large", Optional.empty()),
                2,
                Duration.ofMinutes(30),
                Instant.parse("2026-01-01T00:30:00Z"),
                Optional.empty());
    }

    private static Set<MachineId> ids(List<Machine> machines) {
        return machines.stream().map(Machine::id).collect(Collectors.toSet());
    }

    private static <T> T value(Answer<T> answer) {
        return switch (answer) {
            case Answer.Ok<T>(T value) -> value;
            case Answer.Failed<T>(Failure failure) -> throw new AssertionError(failure.toString());
        };
    }
}
