package dev.spate.cli;

import dev.spate.async.Deadline;
import dev.spate.async.SystemScheduler;
import dev.spate.config.Configuration;
import dev.spate.job.Durations;
import dev.spate.kafka.ClientProperties;
import dev.spate.kafka.TopicSetup;
import dev.spate.kafka.Topics;
import dev.spate.local.Broker;
import dev.spate.local.BrokerSettings;
import dev.spate.local.CloudOptions;
import dev.spate.local.SimulatedCloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/**
 * Everything on this machine: a broker, a simulated cloud, and a worker that is wired as any other.
 *
 * @param configuration what the worker was told
 * @param worker the worker
 * @param cloud its cloud
 * @param parts everything, closed in order
 */
record LocalWorld(
        Configuration configuration, RunningWorker worker, SimulatedCloud cloud, Closing parts)
        implements AutoCloseable {

    private static final int SECRET_BYTES = 32;
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration READY_POLL = Duration.ofMillis(50);

    /**
     * How it is to be.
     *
     * @param data where broker and cloud keep their data, and the secret is
     * @param kafkaPort 0 = any free port
     * @param httpPort 0 = any free port
     * @param partitions of the topics, if they are made
     * @param cloud settings of the cloud by name
     * @param file a configuration file, if there is one
     */
    record Plan(
            Path data,
            int kafkaPort,
            int httpPort,
            int partitions,
            Map<String, String> cloud,
            Optional<Path> file) {
        Plan {
            requirePort("--kafka-port", kafkaPort);
            requirePort("--http-port", httpPort);
            cloud = Map.copyOf(cloud);
        }

        private static void requirePort(String option, int port) {
            if (port < 0 || port > 65_535) {
                throw Refusal.usage(option + ": expected 0 to 65535, found " + port);
            }
        }
    }

    /** Starts it. Blocks for a few seconds. */
    static LocalWorld start(Plan plan, Map<String, String> environment)
            throws IOException, InterruptedException {
        // Before anything is started that would have to be stopped again.
        CloudOptions options = options(plan);
        Closing closing = new Closing();
        try {
            SystemScheduler scheduler = closing.add(new SystemScheduler());
            LocalPlace place = closing.add(LocalPlace.take(plan.data(), scheduler));
            Broker broker =
                    closing.add(
                            Broker.start(
                                    BrokerSettings.in(plan.data().resolve("broker"))
                                            .at(plan.kafkaPort())));
            SimulatedCloud cloud = closing.add(SimulatedCloud.start(options, scheduler));
            Configuration configuration =
                    Configuration.read(
                            Configuration.Reader.WORKER,
                            plan.file(),
                            overlaid(environment, plan, broker, cloud));
            createTopics(configuration, plan.partitions());
            RunningWorker worker = closing.add(Wiring.start(configuration));
            awaitReady(worker, scheduler);
            closing.add(place::withdraw);
            place.announce(clientConfiguration(configuration, cloud));
            return new LocalWorld(configuration, worker, cloud, closing);
        } catch (IOException | InterruptedException | RuntimeException | Error failure) {
            closing.close();
            throw failure;
        }
    }

    private static String clientConfiguration(Configuration configuration, SimulatedCloud cloud) {
        Topics topics = configuration.kafka().topics();
        return """
        group: %s
        kafka:
          bootstrap-servers: %s
          topics: {jobs: %s, journal: %s, results: %s, rejects: %s, logs: %s}
        fleet: {idle-time: %s}
        ec2: {endpoint: "%s", region: %s, access: simulated}
        """
                .formatted(
                        configuration.group(),
                        configuration.kafka().bootstrapServers(),
                        topics.jobs(),
                        topics.journal(),
                        topics.results(),
                        topics.rejects(),
                        topics.logs(),
                        Durations.format(configuration.fleet().idleTime()),
                        cloud.endpoint(),
                        cloud.region());
    }

    @Override
    public void close() {
        parts.close();
    }

    /**
     * That it stands by is not enough: after a crash, its former self has the shards for a while.
     */
    private static void awaitReady(RunningWorker worker, SystemScheduler scheduler)
            throws InterruptedException {
        Deadline deadline = Deadline.after(scheduler, READY_TIMEOUT);
        List<String> reasons = worker.health().reasonsNotReady();
        while (!reasons.isEmpty() || !worker.health().hasShard()) {
            if (deadline.hasPassed(scheduler)) {
                throw Refusal.failure(
                        "the worker does not get ready: "
                                + reasons.stream().findFirst().orElse("it has no shard"));
            }
            scheduler.sleep(READY_POLL);
            reasons = worker.health().reasonsNotReady();
        }
    }

    private static CloudOptions options(Plan plan) {
        try {
            // Any port: the usual one wants rights that not every user has.
            CloudOptions options = CloudOptions.in(plan.data().resolve("cloud")).withSshPort(0);
            for (Map.Entry<String, String> setting : plan.cloud().entrySet()) {
                options = options.with(setting.getKey(), setting.getValue());
            }
            return options;
        } catch (IllegalArgumentException wrong) {
            throw Refusal.usage(String.valueOf(wrong.getMessage()));
        }
    }

    /** What has to be so here, whatever else is configured; and what suits one machine. */
    private static Map<String, String> overlaid(
            Map<String, String> environment, Plan plan, Broker broker, SimulatedCloud cloud)
            throws IOException {
        Map<String, String> overlaid = new HashMap<>(environment);
        overlaid.putIfAbsent("SPATE_GROUP", "local");
        // Every machine is a handful of processes here.
        overlaid.putIfAbsent("SPATE_FLEET_MACHINES_MAX", "100");
        // This cloud knows its machines at once; after a crash it knows none, and their jobs are
        // lost.
        overlaid.putIfAbsent("SPATE_FLEET_NOT_FOUND_GRACE", "20s");
        overlaid.put("SPATE_SECRET", random(plan.data().resolve("secret")));
        // It is a rehearsal on loopback: whoever can read this directory may try everything.
        if (!environment.containsKey("SPATE_HTTP_TOKEN_FILE")) {
            overlaid.putIfAbsent("SPATE_HTTP_TOKEN", random(tokenFile(plan)));
        }
        overlaid.remove("SPATE_SECRET_FILE");
        overlaid.put("SPATE_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
        overlaid.put("SPATE_HTTP_PORT", Integer.toString(plan.httpPort()));
        overlaid.put("SPATE_EC2_ENDPOINT", cloud.endpoint().toString());
        overlaid.put("SPATE_EC2_REGION", cloud.region());
        overlaid.put("SPATE_EC2_ACCESS", "simulated");
        overlaid.put("SPATE_SSH_PORT", Integer.toString(cloud.sshPort()));
        return overlaid;
    }

    /** What allows to submit and cancel over HTTP, unless the environment says something else. */
    static Path tokenFile(Plan plan) {
        return plan.data().resolve("token");
    }

    /** A secret of this directory's, made when it is first needed. */
    private static String random(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(random);
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, HexFormat.of().formatHex(random));
        }
        return Files.readString(file).strip();
    }

    private static void createTopics(Configuration configuration, int partitions)
            throws InterruptedException {
        Admin admin = Admin.create(new ClientProperties(configuration.kafka()).admin());
        try {
            var _ =
                    new TopicSetup(configuration.kafka(), admin)
                            .create(partitions, Optional.empty());
        } finally {
            admin.close(Duration.ofSeconds(2));
        }
    }
}
