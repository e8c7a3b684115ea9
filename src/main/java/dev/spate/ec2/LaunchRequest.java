package dev.spate.ec2;

import dev.spate.ec2.Ec2Settings.Address;
import dev.spate.job.Launch;
import dev.spate.job.Market;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.EbsBlockDevice;
import software.amazon.awssdk.services.ec2.model.HttpTokensState;
import software.amazon.awssdk.services.ec2.model.IamInstanceProfileSpecification;
import software.amazon.awssdk.services.ec2.model.InstanceInterruptionBehavior;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataEndpointState;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterfaceSpecification;
import software.amazon.awssdk.services.ec2.model.MarketType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.ShutdownBehavior;
import software.amazon.awssdk.services.ec2.model.SpotInstanceType;
import software.amazon.awssdk.services.ec2.model.SpotMarketOptions;

/**
 * A launch as EC2 is asked for it. Pure: the same launch, settings and user data make the same
 * request, on any worker and at any time, because EC2 takes a token twice only with equal requests.
 *
 * @param launch what to start
 * @param userData what the machines are told, as text
 * @param securityGroups ids
 * @param rootDevice the name of the image's root disk; needed if the launch asks for a size
 */
record LaunchRequest(
        Launch launch, String userData, List<String> securityGroups, Optional<String> rootDevice) {

    /** EC2's limit, before encoding. */
    static final int USER_DATA_BYTES_MAX = 16_384;

    LaunchRequest {
        securityGroups = List.copyOf(securityGroups);
    }

    /** How many bytes the user data has. */
    static int userDataBytes(String userData) {
        return userData.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * The subnet a launch goes to: its zone's; without a zone any of them, chosen by the token.
     *
     * @return empty if none is configured, or none in the launch's zone
     */
    static Optional<String> subnet(Launch launch, Ec2Settings settings) {
        List<String> subnets = List.copyOf(new TreeMap<>(settings.network().subnets()).values());
        if (subnets.isEmpty()) {
            return Optional.empty();
        }
        return launch.pool()
                .zone()
                .map(zone -> Optional.ofNullable(settings.network().subnets().get(zone)))
                .orElseGet(() -> Optional.of(subnets.get(spread(launch, subnets.size()))));
    }

    /** The request. */
    RunInstancesRequest with(Ec2Settings settings) {
        RunInstancesRequest.Builder request =
                RunInstancesRequest.builder()
                        .clientToken(launch.token().value())
                        .imageId(launch.imageId())
                        .instanceType(launch.pool().type())
                        .minCount(1)
                        .maxCount(launch.count())
                        // The dead-man switch is a shutdown from within: it must end the machine.
                        .instanceInitiatedShutdownBehavior(ShutdownBehavior.TERMINATE)
                        .metadataOptions(
                                options ->
                                        options.httpEndpoint(InstanceMetadataEndpointState.ENABLED)
                                                .httpTokens(HttpTokensState.REQUIRED)
                                                .httpPutResponseHopLimit(1))
                        .tagSpecifications(Tags.ofLaunch(launch, settings))
                        .userData(
                                Base64.getEncoder()
                                        .encodeToString(userData.getBytes(StandardCharsets.UTF_8)));
        settings.instanceProfile().ifPresent(name -> request.iamInstanceProfile(profile(name)));
        market(request);
        network(request, settings);
        disk(request);
        return request.build();
    }

    private void market(RunInstancesRequest.Builder request) {
        if (launch.pool().market() == Market.SPOT) {
            SpotMarketOptions once =
                    SpotMarketOptions.builder()
                            .spotInstanceType(SpotInstanceType.ONE_TIME)
                            .instanceInterruptionBehavior(InstanceInterruptionBehavior.TERMINATE)
                            .build();
            request.instanceMarketOptions(
                    market -> market.marketType(MarketType.SPOT).spotOptions(once));
        }
    }

    private void network(RunInstancesRequest.Builder request, Ec2Settings settings) {
        Optional<String> subnet = subnet(launch, settings);
        if (subnet.isPresent() && settings.network().address() == Address.PUBLIC) {
            request.networkInterfaces(
                    InstanceNetworkInterfaceSpecification.builder()
                            .deviceIndex(0)
                            .associatePublicIpAddress(true)
                            .deleteOnTermination(true)
                            .subnetId(subnet.get())
                            .groups(securityGroups)
                            .build());
            return;
        }
        // The default VPC's own subnets give public addresses without being asked.
        request.securityGroupIds(securityGroups);
        subnet.ifPresent(request::subnetId);
        if (subnet.isEmpty()) {
            launch.pool()
                    .zone()
                    .ifPresent(zone -> request.placement(place -> place.availabilityZone(zone)));
        }
    }

    private void disk(RunInstancesRequest.Builder request) {
        if (launch.spec().disk().isPresent()) {
            EbsBlockDevice disk =
                    EbsBlockDevice.builder()
                            .volumeSize(launch.spec().disk().get().wholeGiB())
                            .deleteOnTermination(true)
                            .build();
            request.blockDeviceMappings(
                    BlockDeviceMapping.builder()
                            .deviceName(rootDevice.orElseThrow())
                            .ebs(disk)
                            .build());
        }
    }

    private static IamInstanceProfileSpecification profile(String name) {
        var profile = IamInstanceProfileSpecification.builder();
        return (name.startsWith("arn:") ? profile.arn(name) : profile.name(name)).build();
    }

    private static int spread(Launch launch, int size) {
        return Integer.remainderUnsigned(
                Integer.parseUnsignedInt(launch.token().value().substring(0, 8), 16), size);
    }
}
