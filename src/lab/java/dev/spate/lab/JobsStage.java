package dev.spate.lab;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.chaos.SpateProcess;
import dev.spate.kafka.ClientProperties;
import dev.spate.kafka.KafkaSettings;
import dev.spate.kafka.TopicSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/**
 * A broker, a simulated cloud and a worker, each in a process of its own, so that the worker can be
 * measured alone.
 *
 * @param data everything they write
 */
record JobsStage(
        KafkaSettings kafka,
        SpateProcess broker,
        SpateProcess cloud,
        SpateProcess worker,
        WorkerGauges gauges,
        Path data)
        implements AutoCloseable {

    static final int WORKER_HEAP_MEBIBYTES = 512;

    /** As in the local mode. */
    private static final int MACHINES_MAX = 100;

    private static final int PARTITIONS = 4;
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration READY_POLL = Duration.ofMillis(100);
    private static final String GROUP = "lab";
    private static final String KAFKA_READY = "Kafka is ready at ";
    private static final String CLOUD_READY = "EC2 is ready at ";

    /**
     * Starts them, and waits until the worker has its shards.
     *
     * @param cloudSettings how the cloud behaves, as {@code spate cloud --set} takes it
     */
    static JobsStage start(Scheduler scheduler, List<String> cloudSettings)
            throws IOException, InterruptedException {
        return start(scheduler, cloudSettings, WORKER_HEAP_MEBIBYTES, MACHINES_MAX);
    }

    /** As {@link #start(Scheduler, List)}, with another heap and other room for machines. */
    static JobsStage start(
            Scheduler scheduler, List<String> cloudSettings, int heapMebibytes, int machinesMax)
            throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("spate-lab-jobs");
        List<SpateProcess> started = new ArrayList<>();
        try {
            SpateProcess broker =
                    SpateProcess.start(
                            quiet("1g"),
                            List.of("broker", "--port=0", "--data=" + data.resolve("broker")));
            started.add(broker);
            SpateProcess cloud = SpateProcess.start(quiet("1g"), cloud(data, cloudSettings));
            started.add(cloud);
            KafkaSettings kafka = KafkaSettings.of(broker.await(KAFKA_READY), GROUP);
            createTopics(kafka);
            int port = freePort();
            SpateProcess worker =
                    SpateProcess.start(
                            quiet(heapMebibytes + "m")
                                    .with(
                                            environment(
                                                    kafka,
                                                    cloud.await(CLOUD_READY),
                                                    port,
                                                    machinesMax)),
                            List.of("worker"));
            started.add(worker);
            WorkerGauges gauges = new WorkerGauges(port);
            awaitReady(scheduler, worker, gauges);
            return new JobsStage(kafka, broker, cloud, worker, gauges, data);
        } catch (IOException | InterruptedException | RuntimeException failure) {
            started.reversed().forEach(SpateProcess::close);
            delete(data);
            throw failure;
        }
    }

    /** A heap, and nothing said that is not wrong. */
    private static SpateProcess.Setting quiet(String heap) {
        return SpateProcess.Setting.heap(heap)
                .with(
                        "-Dlogback.configurationFile="
                                + System.getProperty("logback.configurationFile", ""));
    }

    private static List<String> cloud(Path data, List<String> settings) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "cloud",
                                "--port=0",
                                "--ssh-port=0",
                                "--data=" + data.resolve("cloud")));
        settings.forEach(setting -> words.add("--set=" + setting));
        return words;
    }

    /**
     * @param cloud what the cloud said when it was ready
     */
    private static Map<String, String> environment(
            KafkaSettings kafka, String cloud, int port, int machinesMax) {
        String[] words = cloud.split("[ ,]+", -1);
        return Map.of(
                "SPATE_GROUP",
                GROUP,
                "SPATE_SECRET",
                "known to everybody, as it is the lab's",
                "SPATE_KAFKA_BOOTSTRAP_SERVERS",
                kafka.bootstrapServers(),
                "SPATE_HTTP_PORT",
                Integer.toString(port),
                "SPATE_EC2_ENDPOINT",
                words[0],
                "SPATE_EC2_REGION",
                words[2],
                "SPATE_EC2_ACCESS",
                "simulated",
                "SPATE_FLEET_MACHINES_MAX",
                Integer.toString(machinesMax),
                "SPATE_SSH_PORT",
                words[words.length - 1]);
    }

    private static void createTopics(KafkaSettings kafka) throws InterruptedException {
        try (Admin admin = Admin.create(new ClientProperties(kafka).admin())) {
            var _ = new TopicSetup(kafka, admin).create(PARTITIONS, Optional.empty());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitReady(Scheduler scheduler, SpateProcess worker, WorkerGauges gauges)
            throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(scheduler, READY_TIMEOUT);
        while (!gauges.isReady()) {
            if (!worker.isAlive() || deadline.hasPassed(scheduler)) {
                throw new IOException("the worker does not get ready");
            }
            scheduler.sleep(READY_POLL);
        }
    }

    /** What happened in the cloud so far. */
    CloudHistory history() throws IOException {
        return CloudHistory.read(data.resolve("cloud").resolve("cloud.jsonl"));
    }

    @Override
    public void close() throws IOException {
        worker.close();
        cloud.close();
        broker.close();
        delete(data);
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
