package dev.spate.chaos;

import dev.spate.async.Scheduler;
import dev.spate.kafka.ClientProperties;
import dev.spate.kafka.KafkaSettings;
import dev.spate.kafka.TopicSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;

/** The processes: a broker, a cloud, and the workers, each with a log of its own. */
final class Stage implements AutoCloseable {

    static final String GROUP = "chaos";
    static final int PARTITIONS = 4;

    /** A worker has 20 s to stop in good order. */
    static final Duration STOP_MAX = Duration.ofSeconds(20);

    /** After which it is worth knowing what it waits for. */
    private static final Duration STOP_LATE = Duration.ofSeconds(15);

    /** Short lives: what is compiled well is not used for long. */
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

    private static final String KAFKA_READY = "Kafka is ready at ";
    private static final String CLOUD_READY = "EC2 is ready at ";

    private final Scheduler scheduler;
    private final ChaosSettings settings;
    private final int brokerPort;
    private final SpateProcess cloud;
    private final CloudControl control;
    private final KafkaSettings kafka;
    private final Map<String, String> environment;
    private final Map<Integer, SpateProcess> workers = new HashMap<>();
    private final Map<Integer, Integer> lives = new HashMap<>();
    private final List<String> surprises = new CopyOnWriteArrayList<>();
    private volatile SpateProcess broker;

    /** Starts broker and cloud, makes the topics, then starts the workers. Takes seconds. */
    Stage(ChaosSettings settings, Scheduler scheduler) throws IOException, InterruptedException {
        this.settings = settings;
        this.scheduler = scheduler;
        this.brokerPort = freePort();
        Files.createDirectories(settings.directory());
        this.broker = newBroker();
        this.cloud =
                SpateProcess.start(
                        SpateProcess.Setting.heap("768m").loggingTo(log("cloud")),
                        List.of(
                                "cloud",
                                "--port=0",
                                "--ssh-port=0",
                                "--data=" + settings.directory().resolve("cloud"),
                                "--set=seed=" + settings.seed()));
        this.kafka = KafkaSettings.of(broker.await(KAFKA_READY), GROUP);
        String[] words = cloud.await(CLOUD_READY).split("[ ,]+", -1);
        this.control = new CloudControl(URI.create(words[0]));
        this.environment = environment(words);
        try (Admin admin = Admin.create(new ClientProperties(kafka).admin())) {
            var _ = new TopicSetup(kafka, admin).create(PARTITIONS, Optional.empty());
        }
        for (int worker = 0; worker < ChaosSettings.WORKERS; worker++) {
            start(worker);
        }
    }

    /**
     * @param cloud what it said when it was ready
     */
    private Map<String, String> environment(String[] cloud) {
        Map<String, String> variables = new HashMap<>();
        variables.put("SPATE_GROUP", GROUP);
        variables.put("SPATE_SECRET", "known to everybody, as it is the harness's");
        variables.put("SPATE_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        variables.put("SPATE_HTTP_PORT", "0");
        variables.put("SPATE_EC2_ENDPOINT", cloud[0]);
        variables.put("SPATE_EC2_REGION", cloud[2]);
        variables.put("SPATE_EC2_ACCESS", "simulated");
        variables.put("SPATE_SSH_PORT", cloud[cloud.length - 1]);
        // A host of two cores has to bear them all.
        variables.put("SPATE_FLEET_MACHINES_MAX", "20");
        variables.put("SPATE_FLEET_IDLE_TIME", "5s");
        variables.put("SPATE_FLEET_BOOT_TIMEOUT", "1m");
        variables.put("SPATE_FLEET_SETUP_TIMEOUT", "1m");
        variables.put("SPATE_FLEET_CAPACITY_REST", "5s");
        variables.put("SPATE_FLEET_NOT_FOUND_GRACE", "30s");
        variables.put("SPATE_FLEET_POLL_RUNNING", "5s");
        variables.put("SPATE_SSH_GRACE", "3s");
        variables.put("SPATE_SSH_KEEP_ALIVE", "5s");
        // Bad luck is not what is tried here: of ten machines, one will do.
        variables.put("SPATE_ENGINE_TROUBLED_MAX", "10");
        variables.put("SPATE_SWEEP_INTERVAL", "10s");
        variables.put("SPATE_SWEEP_AGE_MIN", "20s");
        return variables;
    }

    private SpateProcess newBroker() throws IOException {
        return SpateProcess.start(
                SpateProcess.Setting.heap("768m").with(QUICK_START).loggingTo(log("broker")),
                List.of(
                        "broker",
                        "--port=" + brokerPort,
                        "--data=" + settings.directory().resolve("broker"),
                        "--session-timeout=" + settings.sessionTimeout().toMillis() + "ms"));
    }

    private Path log(String name) {
        return settings.directory().resolve(name + ".log");
    }

    /** The log of a worker, of all its lives. */
    Path workerLog(int worker) {
        return log("worker-" + worker);
    }

    KafkaSettings kafka() {
        return kafka;
    }

    CloudControl control() {
        return control;
    }

    CloudRecord cloudRecord() throws IOException {
        return CloudRecord.read(settings.directory().resolve("cloud").resolve("cloud.jsonl"));
    }

    Path ledger() {
        return settings.directory().resolve("ledger");
    }

    /** What processes did that nobody had asked of them. */
    List<String> surprises() {
        return List.copyOf(surprises);
    }

    /** Does what the plan says. Blocks for as long as that takes. */
    void strike(Blow blow) throws IOException, InterruptedException {
        switch (blow) {
            case Blow.Kill(int worker) -> take(worker).kill();
            case Blow.Terminate(int worker) -> end(take(worker));
            case Blow.Stop(int worker) -> worker(worker).pause();
            case Blow.Continue(int worker) -> worker(worker).resume();
            case Blow.Start(int worker) -> start(worker);
            case Blow.KillBroker() -> broker.kill();
            case Blow.TerminateBroker() -> broker.terminate();
            case Blow.StartBroker() -> {
                // The former has the data until it is gone.
                broker.close();
                broker = newBroker();
                var _ = broker.await(KAFKA_READY);
            }
            case Blow.Weather(String name, String value) -> control.set(name, value);
        }
    }

    private SpateProcess worker(int worker) {
        return Objects.requireNonNull(workers.get(worker), "worker");
    }

    /** From here on, its end is no surprise. */
    private SpateProcess take(int worker) {
        SpateProcess process = worker(worker);
        workers.remove(worker);
        return process;
    }

    /** Starts those that have ended by themselves, as an orchestrator would. */
    void reviveWhoDied() throws IOException {
        for (int worker : List.copyOf(workers.keySet())) {
            Optional<Integer> code = worker(worker).exitCode();
            if (code.isPresent()) {
                surprises.add("worker %d ended by itself with %d".formatted(worker, code.get()));
                start(worker);
            }
        }
    }

    // A new one need not wait for it.
    private void end(SpateProcess process) {
        process.terminate();
        var _ =
                scheduler.start(
                        "end of a worker",
                        () -> {
                            scheduler.sleep(STOP_LATE);
                            if (process.isAlive()) {
                                process.dumpThreads(log("threads"));
                            }
                            scheduler.sleep(STOP_MAX.minus(STOP_LATE));
                            demandEnd(process);
                            return true;
                        });
    }

    private void demandEnd(SpateProcess process) throws IOException, InterruptedException {
        if (process.isAlive()) {
            surprises.add("a worker did not end within " + STOP_MAX + " of SIGTERM");
            process.kill();
        }
    }

    private void start(int worker) throws IOException {
        lives.merge(worker, 1, Integer::sum);
        workers.put(
                worker,
                SpateProcess.start(
                        SpateProcess.Setting.heap("384m")
                                .with(QUICK_START)
                                .with(environment)
                                .loggingTo(workerLog(worker)),
                        List.of("worker")));
    }

    /** How many workers were started in all. */
    int workersStarted() {
        return lives.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Ends the workers in good order. Blocks. */
    void endWorkers() throws IOException, InterruptedException {
        List<SpateProcess> ending = new ArrayList<>(workers.values());
        workers.clear();
        ending.forEach(SpateProcess::terminate);
        Instant latest = scheduler.now().plus(STOP_MAX);
        while (ending.stream().anyMatch(SpateProcess::isAlive)
                && scheduler.now().isBefore(latest)) {
            scheduler.sleep(Duration.ofMillis(100));
        }
        for (SpateProcess process : ending) {
            demandEnd(process);
            int code = process.exitCode().orElse(-1);
            // A JVM that is asked to end by SIGTERM says so in its exit code.
            if (code != 0 && code != 143) {
                surprises.add("a worker ended with " + code + " after SIGTERM");
            }
        }
    }

    @Override
    public void close() {
        workers.values().forEach(SpateProcess::kill);
        control.close();
        cloud.close();
        broker.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
