package dev.spate.local;

import static dev.spate.local.CloudFixture.PATIENCE;
import static dev.spate.local.CloudFixture.quick;
import static dev.spate.local.CloudFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.spate.local.Limits.Bucket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.MarketType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** The EC2 API of the cloud, as the real SDK sees it. */
final class SimulatedCloudIT {
    private static final IpPermission SSH_FROM_ANYWHERE =
            IpPermission.builder()
                    .ipProtocol("tcp")
                    .fromPort(22)
                    .toPort(22)
                    .ipRanges(IpRange.builder().cidrIp("0.0.0.0/0").build())
                    .build();

    @TempDir Path directory;

    @Test
    void launchesOnceForATokenHoweverOftenItIsCalled() throws IOException {
        try (CloudFixture cloud = new CloudFixture(quick(directory))) {
            RunInstancesResponse first = cloud.launch(r -> r.clientToken("t").maxCount(3));
            RunInstancesResponse again = cloud.launch(r -> r.clientToken("t").maxCount(3));

            assertThat(again.instances()).hasSize(3);
            assertThat(ids(again.instances())).isEqualTo(ids(first.instances()));
            assertThat(again.instances().get(2).amiLaunchIndex()).isEqualTo(2);
            assertThat(again.reservationId()).isEqualTo(first.reservationId());
            assertThat(cloud.cloud().machines()).hasSize(3);
            assertThat(cloud.cloud().calls()).containsEntry("RunInstances", 2L);
        }
    }

    @Test
    void refusesATokenWithOtherParameters() throws IOException {
        try (CloudFixture cloud = new CloudFixture(quick(directory))) {
            cloud.launch(r -> r.clientToken("t"));

            assertThat(refusal(() -> cloud.launch(r -> r.clientToken("t").maxCount(2))))
                    .isEqualTo("IdempotentParameterMismatch");
        }
    }

    @Test
    void fillsInPartAndThenIsOutOfCapacity() throws IOException {
        CloudOptions options = quick(directory).with("capacity.spot/c7i.large/sim-1a", "2");
        try (CloudFixture cloud = new CloudFixture(options)) {
            RunInstancesResponse part = cloud.launch(r -> spotInA(r.maxCount(5)));

            assertThat(part.instances()).hasSize(2);
            assertThat(part.instances().getFirst().instanceLifecycleAsString()).isEqualTo("spot");
            assertThat(part.instances().getFirst().placement().availabilityZone())
                    .isEqualTo("sim-1a");
            assertThat(refusal(() -> cloud.launch(SimulatedCloudIT::spotInA)))
                    .isEqualTo("InsufficientInstanceCapacity");
            assertThat(cloud.launch(r -> {}).instances()).hasSize(1);
        }
    }

    @Test
    void refusesWhatIsOverTheQuota() throws IOException {
        CloudOptions options =
                quick(directory).with("quota.on-demand", "4").with("quota.spot", "0");
        try (CloudFixture cloud = new CloudFixture(options)) {
            assertThat(cloud.launch(r -> r.maxCount(9)).instances()).hasSize(2);
            assertThat(refusal(() -> cloud.launch(r -> {}))).isEqualTo("VcpuLimitExceeded");
            assertThat(refusal(() -> cloud.launch(SimulatedCloudIT::spotInA)))
                    .isEqualTo("MaxSpotInstanceCountExceeded");
        }
    }

    @Test
    void throttlesAnActionByItsBucket() throws IOException {
        CloudOptions options =
                quick(directory)
                        .with(
                                Weather.FAIR.with(
                                        Limits.GENEROUS.withThrottles(
                                                Map.of("DescribeRegions", new Bucket(0.001, 2)))));
        try (CloudFixture cloud = new CloudFixture(options)) {
            cloud.ec2().describeRegions().join();
            cloud.ec2().describeRegions().join();

            assertThat(refusal(() -> cloud.ec2().describeRegions().join()))
                    .isEqualTo("RequestLimitExceeded");
            cloud.ec2().describeVpcs().join();
        }
    }

    @Test
    void readsLagBehindWrites() throws IOException {
        CloudOptions options = quick(directory).with("delays.readLag", "2s");
        try (CloudFixture cloud = new CloudFixture(options)) {
            String id = launchOne(cloud, "lag").instanceId();

            assertThat(refusal(() -> cloud.describe(id))).isEqualTo("InvalidInstanceID.NotFound");
            assertThat(refusal(() -> cloud.ec2().terminateInstances(r -> r.instanceIds(id)).join()))
                    .isEqualTo("InvalidInstanceID.NotFound");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(cloud.describe(r -> {})).hasSize(1));
        }
    }

    @Test
    void oneBadIdSpoilsATermination() throws IOException {
        try (CloudFixture cloud = new CloudFixture(quick(directory))) {
            String id = launchOne(cloud, "one").instanceId();
            String bad = "i-0123456789abcdef0";

            assertThatThrownBy(
                            () ->
                                    cloud.ec2()
                                            .terminateInstances(r -> r.instanceIds(id, bad))
                                            .join())
                    .hasMessageContaining(bad)
                    .hasMessageNotContaining(id);
            assertThat(refusal(() -> cloud.describe("nonsense")))
                    .isEqualTo("InvalidInstanceID.Malformed");

            var change = cloud.ec2().terminateInstances(r -> r.instanceIds(id)).join();
            assertThat(change.terminatingInstances().getFirst().currentState().nameAsString())
                    .isEqualTo("shutting-down");
            cloud.awaitState(id, "terminated");
            assertThat(cloud.describe(id).stateReason().code())
                    .isEqualTo("Client.UserInitiatedShutdown");
            assertThat(launchOne(cloud, "one").state().nameAsString()).isEqualTo("terminated");
        }
    }

    @Test
    void forgetsTheTerminatedAfterAWhile() throws IOException {
        CloudOptions options = quick(directory).with("delays.terminatedVisible", "100ms");
        try (CloudFixture cloud = new CloudFixture(options)) {
            String id = launchOne(cloud, "gone").instanceId();
            cloud.ec2().terminateInstances(r -> r.instanceIds(id)).join();

            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    refusal(() -> cloud.describe(id))
                                            .equals("InvalidInstanceID.NotFound"));
        }
    }

    @Test
    void findsByTagStateAndTokenInPages() throws IOException {
        try (CloudFixture cloud = new CloudFixture(quick(directory))) {
            cloud.launch(
                    r ->
                            r.clientToken("tagged")
                                    .maxCount(12)
                                    .tagSpecifications(onInstances(tag("spate:group", "g"))));
            launchOne(cloud, "other");

            assertThat(cloud.describe(r -> r.filters(filter("tag:spate:group", "g")))).hasSize(12);
            assertThat(cloud.describe(r -> r.filters(filter("client-token", "other")))).hasSize(1);
            assertThat(cloud.describe(r -> r.filters(filter("instance-state-name", "stopped"))))
                    .isEmpty();
            assertThat(refusal(() -> cloud.describe(r -> r.filters(filter("colour", "red")))))
                    .isEqualTo("InvalidParameterValue");

            DescribeInstancesResponse page =
                    cloud.ec2().describeInstances(r -> r.maxResults(10)).join();
            String next = page.nextToken();
            assertThat(cloud.describe(r -> r.maxResults(10).nextToken(next))).hasSize(3);

            String id =
                    cloud.describe(r -> r.filters(filter("client-token", "other")))
                            .getFirst()
                            .instanceId();
            cloud.ec2().createTags(r -> r.resources(id).tags(tag("a b", "ü&<"))).join();
            assertThat(cloud.describe(id).tags().getFirst().value()).isEqualTo("ü&<");
        }
    }

    @Test
    void findsTheNewestImageOfATrustedOwner() throws IOException {
        try (CloudFixture cloud = new CloudFixture(quick(directory))) {
            String name = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*";
            var trusted =
                    cloud.ec2()
                            .describeImages(
                                    r -> r.owners("099720109477").filters(filter("name", name)))
                            .join()
                            .images();
            var anyone =
                    cloud.ec2()
                            .describeImages(r -> r.filters(filter("name", name)))
                            .join()
                            .images();

            assertThat(trusted).hasSize(3).allMatch(i -> i.architectureAsString().equals("x86_64"));
            assertThat(trusted).allMatch(i -> i.stateAsString().equals("available"));
            assertThat(anyone).hasSize(4);
            assertThat(refusal(() -> cloud.launch(r -> r.imageId("ami-00000000000000000"))))
                    .isEqualTo("InvalidAMIID.NotFound");
        }
    }

    @Test
    void tellsTypesPricesAndNetwork() throws IOException {
        try (CloudFixture cloud = new CloudFixture(quick(directory))) {
            var type =
                    cloud.ec2()
                            .describeInstanceTypes(r -> r.instanceTypes(InstanceType.C7_G_XLARGE))
                            .join()
                            .instanceTypes()
                            .getFirst();
            assertThat(type.vCpuInfo().defaultVCpus()).isEqualTo(4);
            assertThat(type.memoryInfo().sizeInMiB()).isEqualTo(8192);
            assertThat(type.processorInfo().supportedArchitecturesAsStrings())
                    .containsExactly("arm64");
            assertThat(
                            refusal(
                                    () ->
                                            cloud.ec2()
                                                    .describeInstanceTypes(
                                                            r ->
                                                                    r.instanceTypesWithStrings(
                                                                            "x9.huge"))
                                                    .join()))
                    .isEqualTo("InvalidInstanceType");
            assertThat(
                            cloud.ec2()
                                    .describeSpotPriceHistory(
                                            r -> r.instanceTypes(InstanceType.C7_I_LARGE))
                                    .join()
                                    .spotPriceHistory())
                    .hasSize(3)
                    .allMatch(price -> Double.parseDouble(price.spotPrice()) > 0);
            assertThat(cloud.ec2().describeSubnets().join().subnets()).hasSize(3);
            assertThat(cloud.ec2().describeVpcs().join().vpcs().getFirst().isDefault()).isTrue();
            assertThat(cloud.ec2().describeAvailabilityZones().join().availabilityZones())
                    .hasSize(3);

            String group =
                    cloud.ec2()
                            .createSecurityGroup(r -> r.groupName("spate").description("ssh"))
                            .join()
                            .groupId();
            assertThat(
                            refusal(
                                    () ->
                                            cloud.ec2()
                                                    .createSecurityGroup(
                                                            r ->
                                                                    r.groupName("spate")
                                                                            .description("ssh"))
                                                    .join()))
                    .isEqualTo("InvalidGroup.Duplicate");
            Runnable authorize =
                    () ->
                            cloud.ec2()
                                    .authorizeSecurityGroupIngress(
                                            r -> r.groupId(group).ipPermissions(SSH_FROM_ANYWHERE))
                                    .join();
            authorize.run();
            assertThat(refusal(authorize)).isEqualTo("InvalidPermission.Duplicate");
            var found =
                    cloud.ec2()
                            .describeSecurityGroups(r -> r.filters(filter("group-name", "spate")))
                            .join()
                            .securityGroups();
            assertThat(found.getFirst().ipPermissions().getFirst().fromPort()).isEqualTo(22);
        }
    }

    @Test
    void writesDownWhatHappened() throws IOException {
        try (CloudFixture cloud = new CloudFixture(quick(directory))) {
            String id = launchOne(cloud, "noted").instanceId();
            cloud.ec2().terminateInstances(r -> r.instanceIds(id)).join();
            cloud.awaitState(id, "terminated");

            List<String> lines = Files.readAllLines(directory.resolve("cloud.jsonl"));
            assertThat(lines).anyMatch(l -> l.contains("\"RunInstances\"") && l.contains(id));
            assertThat(lines).anyMatch(l -> l.contains("\"terminated\"") && l.contains(id));
        }
    }

    @Test
    void losesRepliesButNotWhatWasAskedFor() throws IOException {
        try (CloudFixture cloud =
                new CloudFixture(quick(directory).with("faults.lostReply", "1"))) {
            assertThat(refusal(() -> cloud.launch(r -> {}))).contains("SdkClientException");
            assertThat(cloud.cloud().machines()).hasSize(1);
        }
    }

    @Test
    void answersOnlyWhoCallsItByALocalName() throws IOException {
        try (CloudFixture cloud = new CloudFixture(quick(directory))) {
            assertThat(statusFor(cloud, "localhost:80")).contains(" 200 ");
            assertThat(statusFor(cloud, "rebound.example")).contains(" 403 ");
        }
    }

    private static String statusFor(CloudFixture cloud, String host) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), cloud.cloud().endpoint().getPort())) {
            String request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    @Test
    void answersHundredsAtOnce() throws IOException {
        try (CloudFixture cloud = new CloudFixture(quick(directory))) {
            cloud.ec2().describeRegions().join();
            long before = System.nanoTime();
            var all =
                    java.util.stream.IntStream.range(0, 1_000)
                            .mapToObj(i -> cloud.ec2().describeInstances())
                            .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(all).join();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(PATIENCE);
        }
    }

    private static Instance launchOne(CloudFixture cloud, String token) {
        return cloud.launch(r -> r.clientToken(token)).instances().getFirst();
    }

    private static void spotInA(
            software.amazon.awssdk.services.ec2.model.RunInstancesRequest.Builder request) {
        request.placement(p -> p.availabilityZone("sim-1a"))
                .instanceMarketOptions(m -> m.marketType(MarketType.SPOT));
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static TagSpecification onInstances(Tag tag) {
        return TagSpecification.builder().resourceType(ResourceType.INSTANCE).tags(tag).build();
    }

    private static Filter filter(String name, String value) {
        return Filter.builder().name(name).values(value).build();
    }

    private static Set<String> ids(List<Instance> instances) {
        return instances.stream()
                .map(Instance::instanceId)
                .collect(java.util.stream.Collectors.toSet());
    }
}
