package dev.spate.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.ec2.Ec2Settings.Address;
import dev.spate.ec2.Ec2Settings.Network;
import dev.spate.job.ByteSize;
import dev.spate.job.Launch;
import dev.spate.job.Market;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Tag;

final class LaunchRequestTest {

    private static final Ec2Settings SETTINGS = Ec2Settings.of("bench");

    @Test
    void asksForMachinesThatEndThemselvesAndGiveNoCredentialsAway() {
        RunInstancesRequest request = request(Samples.spot(), SETTINGS);

        assertThat(request.instanceInitiatedShutdownBehaviorAsString()).isEqualTo("terminate");
        assertThat(request.metadataOptions().httpTokensAsString()).isEqualTo("required");
        assertThat(request.metadataOptions().httpPutResponseHopLimit()).isEqualTo(1);
        assertThat(request.iamInstanceProfile()).isNull();
        assertThat(request.keyName()).isNull();
    }

    @Test
    void asksForAnyNumberUpToTheCountUnderTheLaunchesToken() {
        RunInstancesRequest request = request(Samples.spot(), SETTINGS);

        assertThat(request.minCount()).isEqualTo(1);
        assertThat(request.maxCount()).isEqualTo(2);
        assertThat(request.clientToken()).isEqualTo(Samples.TOKEN.value()).hasSize(64);
        assertThat(request.imageId()).isEqualTo("ami-0123456789abcdef0");
        assertThat(request.instanceTypeAsString()).isEqualTo("c7i.large");
        assertThat(request.securityGroupIds()).containsExactly("sg-00000001");
        assertThat(Base64.getDecoder().decode(request.userData()))
                .asString()
                .isEqualTo("#cloud-config ü");
    }

    @Test
    void tagsMachinesAndDisksFromTheBeginning() {
        RunInstancesRequest request = request(Samples.spot(), SETTINGS);

        assertThat(request.tagSpecifications())
                .extracting(tags -> tags.resourceTypeAsString())
                .containsExactly("instance", "volume");
        assertThat(request.tagSpecifications())
                .allSatisfy(
                        tags ->
                                assertThat(
                                                tags.tags().stream()
                                                        .collect(
                                                                Collectors.toMap(
                                                                        Tag::key, Tag::value)))
                                        .isEqualTo(
                                                Map.of(
                                                        "spate:group", "bench",
                                                        "spate:shard", "3",
                                                        "spate:launch", Samples.TOKEN.value(),
                                                        "spate:expires", "2026-01-01T00:30:00Z",
                                                        "Name", "spate-bench-3")));
    }

    @Test
    void asksForSpotMachinesOnceAndForTheirEndWhenTheyAreTaken() {
        RunInstancesRequest request = request(Samples.spot(), SETTINGS);

        assertThat(request.instanceMarketOptions().marketTypeAsString()).isEqualTo("spot");
        assertThat(request.instanceMarketOptions().spotOptions().spotInstanceTypeAsString())
                .isEqualTo("one-time");
        assertThat(
                        request.instanceMarketOptions()
                                .spotOptions()
                                .instanceInterruptionBehaviorAsString())
                .isEqualTo("terminate");
        assertThat(request.instanceMarketOptions().spotOptions().maxPrice()).isNull();
    }

    @Test
    void saysNothingOfTheMarketOnDemand() {
        Launch launch = Samples.launch(Market.ON_DEMAND, Optional.empty(), Optional.empty());

        assertThat(request(launch, SETTINGS).instanceMarketOptions()).isNull();
    }

    @Test
    void putsTheZoneIntoThePlacement() {
        Launch launch = Samples.launch(Market.SPOT, Optional.of("eu-west-1b"), Optional.empty());

        assertThat(request(launch, SETTINGS).placement().availabilityZone())
                .isEqualTo("eu-west-1b");
    }

    @Test
    void sizesTheRootDisk() {
        Launch launch =
                Samples.launch(Market.SPOT, Optional.empty(), Optional.of(ByteSize.ofGiB(20)));

        RunInstancesRequest request = request(launch, SETTINGS);

        assertThat(request.blockDeviceMappings())
                .singleElement()
                .satisfies(
                        disk -> {
                            assertThat(disk.deviceName()).isEqualTo("/dev/xvda");
                            assertThat(disk.ebs().volumeSize()).isEqualTo(20);
                            assertThat(disk.ebs().deleteOnTermination()).isTrue();
                        });
    }

    @Test
    void takesTheSubnetOfTheZoneAndAsksForAPublicAddress() {
        Launch launch = Samples.launch(Market.SPOT, Optional.of("eu-west-1b"), Optional.empty());

        RunInstancesRequest request = request(launch, SETTINGS.with(network(Address.PUBLIC)));

        assertThat(request.networkInterfaces())
                .singleElement()
                .satisfies(
                        card -> {
                            assertThat(card.subnetId()).isEqualTo("subnet-0000000b");
                            assertThat(card.associatePublicIpAddress()).isTrue();
                            assertThat(card.groups()).containsExactly("sg-00000001");
                        });
        assertThat(request.securityGroupIds()).isEmpty();
        assertThat(request.placement()).isNull();
    }

    @Test
    void choosesTheSameSubnetForTheSameTokenIfNoZoneIsAskedFor() {
        Ec2Settings settings = SETTINGS.with(network(Address.PRIVATE));

        // The token's first 32 bits are odd: the second of two.
        assertThat(request(Samples.spot(), settings).subnetId()).isEqualTo("subnet-0000000b");
        assertThat(request(Samples.spot(), settings)).isEqualTo(request(Samples.spot(), settings));
    }

    @Test
    void hasNoSubnetInAZoneThatIsNotConfigured() {
        Launch launch = Samples.launch(Market.SPOT, Optional.of("eu-west-1c"), Optional.empty());

        assertThat(LaunchRequest.subnet(launch, SETTINGS.with(network(Address.PRIVATE)))).isEmpty();
    }

    private static RunInstancesRequest request(Launch launch, Ec2Settings settings) {
        return new LaunchRequest(
                        launch, "#cloud-config ü", List.of("sg-00000001"), Optional.of("/dev/xvda"))
                .with(settings);
    }

    private static Network network(Address address) {
        return new Network(
                address,
                Optional.of("vpc-00000001"),
                Map.of("eu-west-1a", "subnet-0000000a", "eu-west-1b", "subnet-0000000b"),
                List.of(),
                List.of("203.0.113.0/24"),
                22);
    }
}
