package dev.spate.local;

import static org.awaitility.Awaitility.await;

import dev.spate.async.SystemScheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2AsyncClient;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.ShutdownBehavior;

/** A cloud, and the real SDK to talk to it, without the SDK's own retries. */
final class CloudFixture implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Shared, because closing one takes two seconds. */
    private static final SdkAsyncHttpClient HTTP =
            NettyNioAsyncHttpClient.builder()
                    .maxConcurrency(100)
                    .maxPendingConnectionAcquires(10_000)
                    .connectionAcquisitionTimeout(PATIENCE)
                    .build();

    private final SystemScheduler scheduler = new SystemScheduler();
    private final SimulatedCloud cloud;
    private final Ec2AsyncClient ec2;

    CloudFixture(CloudOptions options) throws IOException {
        cloud = SimulatedCloud.start(options, scheduler);
        ec2 =
                Ec2AsyncClient.builder()
                        .endpointOverride(cloud.endpoint())
                        .region(Region.of("sim-1"))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("any", "any")))
                        .httpClient(HTTP)
                        .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
                        .build();
    }

    /** Nothing takes time, and any free SSH port. */
    static CloudOptions quick(Path directory) {
        return CloudOptions.in(directory)
                .withSshPort(0)
                .with(Weather.FAIR.with(Delays.NONE.with(Delay.PENDING, Duration.ofMillis(20))));
    }

    SimulatedCloud cloud() {
        return cloud;
    }

    Ec2AsyncClient ec2() {
        return ec2;
    }

    String imageId() {
        return Catalogue.of("sim-1").images().getFirst().id();
    }

    RunInstancesResponse launch(Consumer<RunInstancesRequest.Builder> more) {
        return ec2.runInstances(
                        request -> {
                            request.imageId(imageId())
                                    .instanceType(InstanceType.C7_I_LARGE)
                                    .minCount(1)
                                    .maxCount(1)
                                    .clientToken(UUID.randomUUID().toString())
                                    .instanceInitiatedShutdownBehavior(ShutdownBehavior.TERMINATE);
                            more.accept(request);
                        })
                .join();
    }

    Instance describe(String id) {
        return ec2.describeInstances(r -> r.instanceIds(id))
                .join()
                .reservations()
                .getFirst()
                .instances()
                .getFirst();
    }

    List<Instance> describe(Consumer<DescribeInstancesRequest.Builder> request) {
        return ec2.describeInstances(request).join().reservations().stream()
                .flatMap(reservation -> reservation.instances().stream())
                .toList();
    }

    /** Blocks until sshd answers. Returns the machine's address. */
    String awaitSshd(Instance instance) {
        String address = instance.privateIpAddress();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(
                        () -> {
                            try (var socket = new java.net.Socket(address, cloud.sshPort())) {
                                return socket.isConnected();
                            }
                        });
        return address;
    }

    void awaitState(String id, String state) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> describe(id).state().nameAsString().equals(state));
    }

    /** The error code a call is refused with. */
    static String refusal(Runnable call) {
        try {
            call.run();
            return "none";
        } catch (CompletionException e) {
            return e.getCause() instanceof Ec2Exception refused
                    ? refused.awsErrorDetails().errorCode()
                    : String.valueOf(e.getCause());
        }
    }

    @Override
    public void close() throws IOException {
        ec2.close();
        cloud.close();
        scheduler.close();
    }
}
