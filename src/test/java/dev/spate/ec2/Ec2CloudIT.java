package dev.spate.ec2;

import static dev.spate.ec2.CannedEc2.described;
import static dev.spate.ec2.CannedEc2.error;
import static dev.spate.ec2.CannedEc2.instance;
import static dev.spate.ec2.CannedEc2.launched;
import static dev.spate.ec2.CannedEc2.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Deadline;
import dev.spate.async.SystemScheduler;
import dev.spate.ec2.CannedEc2.Canned;
import dev.spate.ec2.Ec2Settings.Endpoint;
import dev.spate.ec2.Ec2Settings.Network;
import dev.spate.fleet.Catalog;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.Machine;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Failure.Kind;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The worker's EC2 against an endpoint that misbehaves as told. */
@Timeout(30)
final class Ec2CloudIT {

    private static final String TAGS =
            """
            <tagSet><item><key>spate:group</key><value>bench</value></item>\
            <item><key>spate:shard</key><value>3</value></item>\
            <item><key>spate:launch</key><value>%s</value></item></tagSet>"""
                    .formatted(Samples.TOKEN);

    private final List<String> counted = new CopyOnWriteArrayList<>();
    private final SystemScheduler scheduler = new SystemScheduler();
    private CannedEc2 ec2;
    private Ec2Cloud cloud;

    Ec2CloudIT() throws IOException {
        ec2 = new CannedEc2();
        cloud = cloud(settings());
    }

    @BeforeEach
    void hasASecurityGroup() {
        ec2.on(
                "DescribeSecurityGroups",
                ok(
                        "DescribeSecurityGroups",
                        "<securityGroupInfo><item><groupId>sg-00000001</groupId><ipPermissions><item><ipProtocol>tcp</ipProtocol></item></ipPermissions></item></securityGroupInfo>"));
    }

    @AfterEach
    void close() {
        cloud.close();
        ec2.close();
        scheduler.close();
    }

    @Test
    void launchesMachinesWithTheirIndexes() throws Exception {
        ec2.on(
                "RunInstances",
                launched(instance("i-a", 0, "pending", ""), instance("i-b", 1, "pending", "")));

        List<Machine> machines = value(cloud.launch(Samples.spot(), "text", soon()));

        assertThat(machines).extracting(Machine::index).containsExactly(0, 1);
        assertThat(machines)
                .allSatisfy(
                        machine -> {
                            assertThat(machine.token()).contains(Samples.TOKEN);
                            assertThat(machine.state()).isEqualTo(Machine.State.PENDING);
                        });
        assertThat(counted).contains("RunInstances ok");
    }

    @Test
    void repeatsALaunchWithEqualParametersUntilItKnowsWhatBecameOfIt() throws Exception {
        ec2.on(
                "RunInstances",
                new Canned.Lost(),
                error(500, "InternalError", "oops"),
                new Canned.Text(200, "<RunInstancesResponse><inst"),
                new Canned.Text(200, "<html>proxy</html>"),
                launched(instance("i-a", 0, "pending", "")));

        assertThat(value(cloud.launch(Samples.spot(), "text", soon()))).hasSize(1);

        assertThat(ec2.calls("RunInstances")).hasSize(5);
        assertThat(Set.copyOf(ec2.calls("RunInstances"))).hasSize(1);
        assertThat(counted)
                .contains(
                        "RunInstances connection",
                        "RunInstances InternalError",
                        "RunInstances malformed",
                        "RunInstances ok");
    }

    @Test
    void saysThatNobodyKnowsWhenEc2StaysSilent() throws Exception {
        ec2.on("RunInstances", new Canned.Silence());

        Failure failure =
                failure(
                        cloud.launch(
                                Samples.spot(),
                                "text",
                                Deadline.after(scheduler, Duration.ofMillis(1500))));

        assertThat(failure.kind()).isEqualTo(Kind.INFRASTRUCTURE);
    }

    @Test
    void backsOffWhenEc2AsksForFewerCallsAndThenSaysSo() throws Exception {
        ec2.on("RunInstances", error(503, "RequestLimitExceeded", "slow down"));

        Failure failure = failure(cloud.launch(Samples.spot(), "text", soon()));

        assertThat(failure.kind()).isEqualTo(Kind.THROTTLED);
        assertThat(ec2.calls("RunInstances")).hasSize(settings().triesMax());
    }

    @Test
    void saysThatNothingWasStartedWhenEc2RefusesAndKnowsNoSuchLaunch() throws Exception {
        ec2.on("RunInstances", error(403, "UnauthorizedOperation", "You may not."));
        ec2.on("DescribeInstances", described());

        Failure failure = failure(cloud.launch(Samples.spot(), "text", soon()));

        assertThat(failure)
                .isEqualTo(
                        new Failure(
                                Kind.CAPACITY,
                                "RunInstances: UnauthorizedOperation: You may not."));
        assertThat(ec2.calls("RunInstances")).hasSize(1);
    }

    @Test
    void saysThatNothingWasStartedWhenEc2RefusesEverything() throws Exception {
        for (String action :
                List.of("DescribeSecurityGroups", "RunInstances", "DescribeInstances")) {
            ec2.on(action, error(401, "AuthFailure", "who are you?"));
        }

        assertThat(failure(cloud.launch(Samples.spot(), "text", soon())).kind())
                .isEqualTo(Kind.CAPACITY);
    }

    @Test
    void findsTheMachinesOfAFormerWorkerThoughEc2RefusesThisOne() throws Exception {
        ec2.on("RunInstances", error(403, "UnauthorizedOperation", "You may not."));
        ec2.on("DescribeInstances", described(instance("i-a", 0, "running", TAGS)));

        assertThat(value(cloud.launch(Samples.spot(), "text", soon())))
                .extracting(Machine::id)
                .containsExactly(new MachineId("i-a"));
    }

    @Test
    void doesNotTakeARefusalForCertainWhenAnEarlierCallWasNotAnswered() throws Exception {
        ec2.on(
                "RunInstances",
                new Canned.Lost(),
                error(403, "UnauthorizedOperation", "You may not."));
        ec2.on("DescribeInstances", described());

        for (int call = 0; call < 2; call++) {
            assertThat(failure(cloud.launch(Samples.spot(), "text", soon())).kind())
                    .isEqualTo(Kind.INFRASTRUCTURE);
        }
    }

    @Test
    void readsOnWhenAPageOfMachineTypesIsEmpty() throws Exception {
        ec2.on("DescribeImages", ok("DescribeImages", ""));
        ec2.on(
                "DescribeInstanceTypes",
                ok("DescribeInstanceTypes", "<nextToken>more</nextToken>"),
                ok(
                        "DescribeInstanceTypes",
                        "<instanceTypeSet><item><instanceType>c7i.large</instanceType></item></instanceTypeSet>"));
        ec2.on(
                "DescribeSpotPriceHistory",
                ok("DescribeSpotPriceHistory", "<nextToken>more</nextToken>"),
                ok(
                        "DescribeSpotPriceHistory",
                        "<spotPriceHistorySet><item><instanceType>c7i.large</instanceType><spotPrice>0.03</spotPrice></item></spotPriceHistorySet>"));

        Catalog catalog = catalog();

        assertThat(catalog.types()).containsOnlyKeys("c7i.large");
        assertThat(catalog.types().values())
                .allSatisfy(type -> assertThat(type.spotUsdPerHour()).isPresent());
        assertThat(ec2.calls("DescribeInstanceTypes").getLast()).containsEntry("NextToken", "more");
    }

    @Test
    void takesNoSecurityGroupForItsOwnThatIsSomebodyElses() throws Exception {
        ec2.on("RunInstances", launched(instance("i-a", 0, "pending", "")));

        value(cloud.launch(Samples.spot(), "text", soon()));

        assertThat(ec2.calls("DescribeSecurityGroups").getFirst())
                .containsEntry("GroupName.1", "spate-bench")
                .containsEntry("Filter.1.Name", "tag:spate:group")
                .containsEntry("Filter.1.Value.1", "bench");
    }

    @Test
    void tellsCapacityAtOnce() throws Exception {
        ec2.on("RunInstances", error(500, "InsufficientInstanceCapacity", "none left"));

        Failure failure = failure(cloud.launch(Samples.spot(), "text", soon()));

        assertThat(failure.kind()).isEqualTo(Kind.CAPACITY);
        assertThat(ec2.calls("RunInstances")).hasSize(1);
    }

    @Test
    void findsTheMachinesOfALaunchThatWasMadeWithOtherParameters() throws Exception {
        ec2.on("RunInstances", error(400, "IdempotentParameterMismatch", "differs"));
        ec2.on("DescribeInstances", described(), described(instance("i-a", 0, "running", TAGS)));

        List<Machine> machines = value(cloud.launch(Samples.spot(), "text", soon()));

        assertThat(machines).extracting(Machine::id).containsExactly(new MachineId("i-a"));
        assertThat(ec2.calls("RunInstances")).hasSize(1);
        assertThat(counted).contains("RunInstances IdempotentParameterMismatch");
    }

    @Test
    void showsMachinesOfARepeatedLaunchThatAreGoneAndWhy() throws Exception {
        String reason =
                "<stateReason><code>Server.SpotInstanceTermination</code><message>taken</message></stateReason>";
        ec2.on("RunInstances", launched(instance("i-a", 0, "terminated", reason)));

        Machine machine = value(cloud.launch(Samples.spot(), "text", soon())).getFirst();

        assertThat(machine.state()).isEqualTo(Machine.State.GONE);
        assertThat(machine.ended()).map(Failure::kind).contains(Kind.LOST);
    }

    @Test
    void refusesUserDataThatEc2WouldNotTake() throws Exception {
        Failure failure = failure(cloud.launch(Samples.spot(), "x".repeat(16_385), soon()));

        assertThat(failure.kind()).isEqualTo(Kind.INVALID);
        assertThat(failure.message())
                .isEqualTo("user data: expected at most 16384 bytes, found 16385");
    }

    @Test
    void makesTheSecurityGroupOnceHoweverManyLaunchesNeedIt() throws Exception {
        ec2.on("DescribeSecurityGroups", ok("DescribeSecurityGroups", ""));
        ec2.on("CreateSecurityGroup", ok("CreateSecurityGroup", "<groupId>sg-00000002</groupId>"));
        ec2.on(
                "AuthorizeSecurityGroupIngress",
                error(400, "InvalidPermission.Duplicate", "there already"));
        ec2.on("RunInstances", launched(instance("i-a", 0, "pending", "")));

        var one = scheduler.start("one", () -> cloud.launch(Samples.spot(), "text", soon()));
        var two = scheduler.start("two", () -> cloud.launch(Samples.spot(), "text", soon()));
        value(one.result().get());
        value(two.result().get());

        assertThat(ec2.calls("CreateSecurityGroup")).hasSize(1);
        assertThat(ec2.calls("RunInstances"))
                .hasSize(2)
                .allSatisfy(
                        call -> assertThat(call).containsEntry("SecurityGroupId.1", "sg-00000002"));
        assertThat(ec2.calls("AuthorizeSecurityGroupIngress").getFirst())
                .containsEntry("IpPermissions.1.FromPort", "22")
                .containsEntry("IpPermissions.1.IpRanges.1.CidrIp", "10.0.0.0/8");
    }

    @Test
    void describesInPartsAndTellsStrangersApart() throws Exception {
        String stranger =
                "<tagSet><item><key>spate:group</key><value>other</value></item><item><key>spate:launch</key><value>%s</value></item></tagSet>"
                        .formatted(Samples.TOKEN);
        ec2.on(
                "DescribeInstances",
                described(instance("i-a", 0, "running", TAGS)),
                described(instance("i-b", 1, "running", stranger)));
        Set<MachineId> ids =
                java.util.stream.IntStream.range(0, 201)
                        .mapToObj(i -> new MachineId("i-" + i))
                        .collect(java.util.stream.Collectors.toSet());

        List<Machine> machines = value(cloud.describe(ids, soon()));

        assertThat(ec2.calls("DescribeInstances")).hasSize(2);
        assertThat(machines)
                .extracting(Machine::token)
                .containsExactly(
                        Optional.of(new LaunchToken(Samples.TOKEN.value())), Optional.empty());
        assertThat(machines.getFirst().address()).contains("10.0.0.7");
    }

    @Test
    void listsPageByPage() throws Exception {
        ec2.on(
                "DescribeInstances",
                ok(
                        "DescribeInstances",
                        "<reservationSet><item><instancesSet>"
                                + instance("i-a", 0, "running", TAGS)
                                + "</instancesSet></item></reservationSet><nextToken>more</nextToken>"),
                described(instance("i-b", 1, "pending", TAGS)));

        assertThat(value(cloud.list(soon()))).hasSize(2);
        assertThat(ec2.calls("DescribeInstances").getLast()).containsEntry("NextToken", "more");
    }

    @Test
    void givesUpOnAListWithoutAnEnd() throws Exception {
        ec2.on("DescribeInstances", ok("DescribeInstances", "<nextToken>more</nextToken>"));
        cloud.close();
        cloud = cloud(hurried());

        Failure failure = failure(cloud.list(soon()));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.INFRASTRUCTURE);
        assertThat(failure.message()).startsWith("DescribeInstances: ").contains("100 pages");
        assertThat(ec2.calls("DescribeInstances")).hasSize(100);
    }

    @Test
    void endsTheOthersWhenEc2NamesTheOneItDoesNotKnow() throws Exception {
        ec2.on(
                "TerminateInstances",
                error(
                        400,
                        "InvalidInstanceID.NotFound",
                        "The instance IDs 'i-2, i-3' do not exist"),
                ok("TerminateInstances", ""));

        assertThat(value(cloud.terminate(ids("i-1", "i-2", "i-3"), soon()))).isEmpty();
        assertThat(ec2.calls("TerminateInstances").getLast())
                .containsEntry("InstanceId.1", "i-1")
                .doesNotContainKey("InstanceId.2");
    }

    @Test
    void endsTheOthersWhenEc2DoesNotNameTheProtectedOne() throws Exception {
        ec2.on(
                "TerminateInstances",
                error(400, "OperationNotPermitted", "one of them is protected"),
                error(400, "OperationNotPermitted", "it is protected"),
                ok("TerminateInstances", ""));

        Map<MachineId, Failure> left = value(cloud.terminate(ids("i-1", "i-2"), soon()));

        assertThat(left).containsOnlyKeys(new MachineId("i-1"));
    }

    @Test
    void looksUpABatchInThreeCallsAndTheNextOneInNone() throws Exception {
        String noble = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260915";
        ec2.on(
                "DescribeImages",
                ok(
                        "DescribeImages",
                        "<imagesSet><item><imageId>ami-1</imageId><imageOwnerId>099720109477</imageOwnerId><name>%s</name><imageState>available</imageState><creationDate>2026-09-15T00:00:00.000Z</creationDate></item></imagesSet>"
                                .formatted(noble)));
        ec2.on(
                "DescribeInstanceTypes",
                ok(
                        "DescribeInstanceTypes",
                        "<instanceTypeSet><item><instanceType>c7i.large</instanceType></item></instanceTypeSet>"));
        ec2.on(
                "DescribeSpotPriceHistory",
                ok(
                        "DescribeSpotPriceHistory",
                        "<spotPriceHistorySet><item><instanceType>c7i.large</instanceType><spotPrice>0.04</spotPrice></item><item><instanceType>c7i.large</instanceType><spotPrice>0.03</spotPrice></item></spotPriceHistorySet>"));

        Catalog catalog = catalog();

        assertThat(catalog.region()).isEqualTo("sim-1");
        assertThat(catalog.imageIds()).isEqualTo(Map.of("ubuntu-24.04", "ami-1"));
        assertThat(catalog.types()).containsOnlyKeys("c7i.large");
        assertThat(catalog.types().values())
                .allSatisfy(
                        type ->
                                assertThat(type.spotUsdPerHour().orElseThrow())
                                        .isEqualByComparingTo("0.03"));
        assertThat(ec2.calls).hasSize(3);
        assertThat(catalog()).isEqualTo(catalog);
        assertThat(ec2.calls).hasSize(3);
    }

    @Test
    void recoversWhenTheEndpointComesBack() throws Exception {
        ec2.on("DescribeInstances", error(403, "ExpiredToken", "expired"), described());

        assertThat(failure(cloud.list(soon())).kind()).isEqualTo(Kind.INFRASTRUCTURE);
        assertThat(value(cloud.list(soon()))).isEmpty();
    }

    private Catalog catalog() throws InterruptedException {
        return value(
                cloud.catalog(
                        Set.of("ubuntu-24.04", "nonsense"),
                        Set.of("c7i.large", "c7i.nonsense"),
                        soon()));
    }

    private Ec2Settings settings() {
        return Ec2Settings.of("bench")
                .with(Endpoint.simulated(ec2.uri(), "sim-1"))
                .with(Network.DEFAULT);
    }

    /** The same, and lists may be asked for as often as one likes. */
    private Ec2Settings hurried() {
        Ec2Settings usual = settings();
        return new Ec2Settings(
                usual.group(),
                usual.endpoint(),
                usual.network(),
                usual.instanceProfile(),
                Map.of(Ec2Action.DESCRIBE_INSTANCES, new Ec2Settings.Rate(1_000, 1_000)),
                usual.callTimeout(),
                usual.triesMax(),
                usual.onDemandUsdPerHour(),
                usual.images(),
                usual.tags());
    }

    private Ec2Cloud cloud(Ec2Settings settings) {
        FleetEvents events =
                new FleetEvents() {
                    @Override
                    public void cloudCall(String action, String code, Duration took) {
                        counted.add(action + " " + code);
                    }
                };
        return new Ec2Cloud(settings, scheduler, new Random(1), events);
    }

    private Deadline soon() {
        return Deadline.after(scheduler, Duration.ofSeconds(20));
    }

    private static Set<MachineId> ids(String... ids) {
        return java.util.Arrays.stream(ids)
                .map(MachineId::new)
                .collect(java.util.stream.Collectors.toSet());
    }

    private static <T> T value(Answer<T> answer) {
        return switch (answer) {
            case Answer.Ok<T>(T value) -> value;
            case Answer.Failed<T>(Failure failure) -> throw new AssertionError(failure.toString());
        };
    }

    private static Failure failure(Answer<?> answer) {
        return switch (answer) {
            case Answer.Ok<?>(Object value) -> throw new AssertionError("worked: " + value);
            case Answer.Failed<?>(Failure failure) -> failure;
        };
    }
}
