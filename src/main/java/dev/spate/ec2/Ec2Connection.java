package dev.spate.ec2;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Text;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2AsyncClient;
import software.amazon.awssdk.services.ec2.Ec2AsyncClientBuilder;

/**
 * The SDK's client. It takes a second to build in a cold JVM, so that is begun at once and in the
 * background, and begun again at the next call if it failed: the region may come from an instance's
 * metadata service, which may be away for a while.
 */
final class Ec2Connection implements AutoCloseable {

    /** More than enough: calls wait for their rate limiter, not for a thread. */
    private static final int EVENT_LOOP_THREADS = 2;

    private static final int CONNECTIONS_MAX = 50;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private static final long CLOSE_QUIET_MILLIS = 100;
    private static final long CLOSE_MILLIS_MAX = 1_000;

    private static final Logger log = LoggerFactory.getLogger(Ec2Connection.class);

    private final AtomicBoolean hasComplained = new AtomicBoolean();
    private final Ec2Settings settings;
    private final Scheduler scheduler;
    private final EventLoopGroup eventLoops =
            new NioEventLoopGroup(EVENT_LOOP_THREADS, new DefaultThreadFactory("spate-ec2", true));

    /** Guarded by this. */
    private Scheduler.Task<Ec2AsyncClient> building;

    Ec2Connection(Ec2Settings settings, Scheduler scheduler) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.building = start();
    }

    /**
     * The client, as soon as there is one.
     *
     * @throws ExecutionException if it cannot be built, for want of a region for instance
     */
    Ec2AsyncClient client(Deadline deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        return scheduler.await(current().result(), deadline);
    }

    /** Closes the client and its connections. Calls under way fail. */
    @Override
    public synchronized void close() {
        var _ = building.result().thenAccept(Ec2AsyncClient::close);
        // Soon: the SDK's own group would wait two seconds for calls that nobody makes.
        var _ =
                eventLoops.shutdownGracefully(
                        CLOSE_QUIET_MILLIS, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
    }

    private synchronized Scheduler.Task<Ec2AsyncClient> current() {
        if (building.result().isCompletedExceptionally()) {
            building = start();
        }
        return building;
    }

    private Scheduler.Task<Ec2AsyncClient> start() {
        Scheduler.Task<Ec2AsyncClient> task = scheduler.start("ec2-client", this::build);
        var _ =
                task.result()
                        .exceptionally(
                                failure -> {
                                    complain(Text.oneLine(String.valueOf(failure.getMessage())));
                                    return null;
                                });
        return task;
    }

    /** In one line, and once: every call tries again. */
    private void complain(String why) {
        if (!hasComplained.getAndSet(true)) {
            String hint =
                    why.contains("region")
                            ? "; set ec2.region (SPATE_EC2_REGION or AWS_REGION)"
                            : "";
            log.warn("EC2 cannot be called{}: {}", hint, why);
        }
    }

    private Ec2AsyncClient build() {
        Ec2AsyncClientBuilder builder =
                Ec2AsyncClient.builder()
                        .credentialsProvider(credentials(settings.endpoint().access()))
                        .httpClientBuilder(
                                NettyNioAsyncHttpClient.builder()
                                        .eventLoopGroup(SdkEventLoopGroup.create(eventLoops))
                                        .maxConcurrency(CONNECTIONS_MAX)
                                        .connectionTimeout(CONNECT_TIMEOUT))
                        .overrideConfiguration(
                                override ->
                                        // Repeated by Ec2Api, which counts every call.
                                        override.retryStrategy(AwsRetryStrategy.doNotRetry())
                                                .apiCallTimeout(settings.callTimeout()));
        settings.endpoint().region().map(Region::of).ifPresent(builder::region);
        settings.endpoint().override().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(Ec2Settings.Access access) {
        return switch (access) {
            case AWS -> DefaultCredentialsProvider.builder().build();
            case SIMULATED ->
                    StaticCredentialsProvider.create(
                            AwsBasicCredentials.create("simulated", "simulated"));
        };
    }
}
