package dev.spate.chaos;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.async.SystemScheduler;
import dev.spate.chaos.Adoptions.Struck;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** A run of the harness, from the first process to the verdict. */
public final class ChaosRun {

    /** How long after the last blow and the last message the last result may come. */
    private static final Duration SETTLE_PATIENCE = Duration.ofMinutes(4);

    /** How long after that the last machine may live. */
    private static final Duration GONE_PATIENCE = Duration.ofMinutes(2);

    /** What comes twice comes soon. */
    private static final Duration DUPLICATES_WAIT = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(500);

    private final ChaosSettings settings;
    private final PrintStream out;
    private final Scheduler scheduler;
    private final Plan plan;
    private final List<ChaosJob> jobs;
    private final List<Struck> struck = new CopyOnWriteArrayList<>();

    private ChaosRun(ChaosSettings settings, Scheduler scheduler, PrintStream out) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.out = out;
        this.plan = Plan.of(settings);
        this.jobs = JobMix.of(settings, settings.directory().resolve("ledger"));
    }

    /**
     * Runs it: prints the plan, the table, and what is wrong, if anything is.
     *
     * @return what is wrong; the directory is kept if that is not empty
     */
    public static List<String> run(ChaosSettings settings, PrintStream out)
            throws IOException, InterruptedException {
        try (SystemScheduler scheduler = new SystemScheduler()) {
            List<String> complaints = new ChaosRun(settings, scheduler, out).run();
            if (complaints.isEmpty()) {
                delete(settings.directory());
            } else {
                complaints.forEach(out::println);
                out.printf(
                        "%nAll logs are in %s%nOnce more: %s%n",
                        settings.directory(), settings.command());
            }
            return complaints;
        }
    }

    private List<String> run() throws IOException, InterruptedException {
        plan.blows().forEach(out::println);
        long startedNanos = scheduler.nanoTime();
        try (Stage stage = new Stage(settings, scheduler)) {
            List<String> foreign = stage.control().launchForeign(Stage.GROUP);
            String servers = stage.kafka().bootstrapServers();
            try (Traffic traffic =
                    new Traffic(scheduler, servers, stage.kafka().topics().jobs(), jobs)) {
                long beganNanos = scheduler.nanoTime();
                var sending = scheduler.start("traffic", () -> traffic.run(beganNanos));
                strike(stage, beganNanos);
                sending.result().join();
            }
            say("all is sent and the last blow has come; waiting for results");
            awaitResults(stage, servers);
            say("waiting for machines to go");
            awaitNoMachines(stage);
            scheduler.sleep(DUPLICATES_WAIT);
            Instant quiet = scheduler.now();
            stage.endWorkers();
            Checker.Evidence evidence = evidence(stage, foreign, servers, quiet);
            List<Complaint> complaints = Checker.check(evidence);
            Duration took = Duration.ofNanos(scheduler.nanoTime() - startedNanos);
            out.println(Table.of(evidence, complaints, struck, stage.workersStarted(), took));
            return complaints.stream().map(Complaint::toString).toList();
        }
    }

    private void strike(Stage stage, long beganNanos) throws IOException, InterruptedException {
        for (Blow.Timed timed : plan.blows()) {
            scheduler.sleep(timed.after().minusNanos(scheduler.nanoTime() - beganNanos));
            stage.reviveWhoDied();
            if (timed.blow() instanceof Blow.StartBroker) {
                // It takes its time, and nobody waits for it.
                var _ =
                        scheduler.start(
                                "start of the broker", () -> strike(stage, timed.blow(), true));
            } else {
                var _ = strike(stage, timed.blow(), timed.blow().isKill());
            }
        }
    }

    private boolean strike(Stage stage, Blow blow, boolean isWorthAWord)
            throws IOException, InterruptedException {
        Instant began = scheduler.now();
        stage.strike(blow);
        // A death takes no time; with a start, what matters is when it is done.
        struck.add(new Struck(blow instanceof Blow.StartBroker ? scheduler.now() : began, blow));
        if (isWorthAWord) {
            say(blow.words());
        }
        return true;
    }

    private void awaitResults(Stage stage, String servers)
            throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(scheduler, SETTLE_PATIENCE);
        Set<String> missing = new HashSet<>();
        jobs.forEach(job -> missing.add(job.id()));
        try (TopicReader reader = new TopicReader(servers, stage.kafka().topics().results())) {
            while (!missing.isEmpty() && !deadline.hasPassed(scheduler)) {
                stage.reviveWhoDied();
                reader.poll().forEach(result -> missing.remove(result.key()));
            }
        }
    }

    private void awaitNoMachines(Stage stage) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(scheduler, GONE_PATIENCE);
        while (!deadline.hasPassed(scheduler)
                && stage.cloudRecord().of(Stage.GROUP).stream()
                        .anyMatch(CloudRecord.Machine::isLive)) {
            stage.reviveWhoDied();
            scheduler.sleep(LOOK);
        }
    }

    private Checker.Evidence evidence(
            Stage stage, List<String> foreign, String servers, Instant quiet)
            throws IOException, InterruptedException {
        Map<String, String> states = new LinkedHashMap<>();
        for (String id : foreign) {
            states.put(id, stage.control().state(id));
        }
        CloudRecord cloud = stage.cloudRecord();
        Adoptions adoptions =
                Adoptions.read(
                        IntStream.range(0, ChaosSettings.WORKERS)
                                .mapToObj(stage::workerLog)
                                .toList());
        return new Checker.Evidence(
                settings,
                jobs,
                read(servers, stage.kafka().topics().results()),
                read(servers, stage.kafka().topics().rejects()),
                read(servers, stage.kafka().topics().journal()),
                cloud,
                states,
                new RunCheck(cloud, RunLedger.read(stage.ledger()), booted()),
                adoptions.after(struck, quiet),
                stage.surprises());
    }

    private static List<TopicReader.Message> read(String servers, String topic) {
        try (TopicReader reader = new TopicReader(servers, topic)) {
            return reader.readToEnd();
        }
    }

    /** When this host's uptime was 0, by its wall clock now. */
    private Instant booted() throws IOException {
        String uptime = Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0];
        return scheduler.now().minusMillis(Math.round(Double.parseDouble(uptime) * 1_000));
    }

    private void say(String what) {
        out.printf("%s %s%n", scheduler.now(), what);
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
