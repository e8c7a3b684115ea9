package dev.spate.fleet;

import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Durations;
import dev.spate.job.Failure;
import dev.spate.job.JobId;
import dev.spate.job.MachineId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * What happens on machines, whoever is connected to them: runs with their start locks. Outlives any
 * worker.
 *
 * <p>Scripts are a word or two to a line: {@code sleep 10s}, {@code exit 3}, {@code echo text}; one
 * that says {@code hang} ends only when it is stopped. A setup that says {@code fail} fails.
 */
public final class FakeGround {

    private final Scheduler scheduler;
    private final Predicate<MachineId> isUp;
    private final Map<MachineId, Map<RunKey, FakeRun>> machines = new HashMap<>();
    private final Map<MachineId, Set<String>> setups = new HashMap<>();
    private final Map<MachineId, Map<JobId, Long>> owners = new HashMap<>();
    private final Map<MachineId, CompletableFuture<String>> notices = new HashMap<>();
    private final List<FakeRun> ledger = new ArrayList<>();

    /** A run that was really started. */
    public static final class FakeRun {
        private final RunKey key;
        private final MachineId machine;
        private final Run run;
        private final Instant startedAt;
        private final CompletableFuture<RunStatus.Ended> ended = new CompletableFuture<>();

        private FakeRun(MachineId machine, Run run, Instant startedAt) {
            this.key = run.key();
            this.machine = machine;
            this.run = run;
            this.startedAt = startedAt;
        }

        public RunKey key() {
            return key;
        }

        public MachineId machine() {
            return machine;
        }

        /** What was carried to the machine. */
        public Run run() {
            return run;
        }

        public Instant startedAt() {
            return startedAt;
        }

        /** How it ended, if it has. */
        public Optional<RunStatus.Ended> ended() {
            return Optional.ofNullable(ended.getNow(null));
        }
    }

    /**
     * @param scheduler the world's, not a worker's: runs go on when workers crash
     * @param isUp whether a machine takes connections at present
     */
    public FakeGround(Scheduler scheduler, Predicate<MachineId> isUp) {
        this.scheduler = scheduler;
        this.isUp = isUp;
    }

    /** Every run that was started, in order. */
    public List<FakeRun> ledger() {
        return List.copyOf(ledger);
    }

    /** The run's wrapper is killed: it leaves no exit code. */
    public void vanish(RunKey key) {
        ledger.stream()
                .filter(run -> run.key.equals(key))
                .forEach(run -> run.ended.complete(new RunStatus.Vanished("its process is gone")));
    }

    /** The machine claims that somebody with this epoch has had to do with the job. */
    public void own(MachineId machine, JobId job, long epoch) {
        long last =
                owners.computeIfAbsent(machine, _ -> new HashMap<>()).merge(job, epoch, Math::max);
        if (last > epoch) {
            throw new StaleOwner("machine " + machine + " has seen a later owner than " + epoch);
        }
    }

    /** The cloud gives notice that it takes the machine back; it does not yet. */
    public void giveNotice(MachineId machine) {
        whenNoticed(machine).complete("terminate");
    }

    CompletableFuture<String> whenNoticed(MachineId machine) {
        return notices.computeIfAbsent(machine, _ -> new CompletableFuture<>());
    }

    boolean isUp(MachineId machine) {
        return isUp.test(machine);
    }

    Answer<Shell.Done> setUp(MachineId machine, Setup setup) {
        Set<String> done = setups.computeIfAbsent(machine, _ -> new HashSet<>());
        if (!done.contains(setup.fingerprint()) && setup.script().contains("fail")) {
            return Answer.failed(Failure.Kind.JOB, "setup exited with 1: fail");
        }
        done.add(setup.fingerprint());
        return Answer.ok(Shell.Done.DONE);
    }

    RunStatus start(MachineId machine, Run run) {
        Map<RunKey, FakeRun> runs = machines.computeIfAbsent(machine, _ -> new LinkedHashMap<>());
        if (!runs.containsKey(run.key())) {
            FakeRun fresh = new FakeRun(machine, run, scheduler.now());
            runs.put(run.key(), fresh);
            ledger.add(fresh);
            begin(fresh);
        }
        return status(machine, run.key());
    }

    RunStatus status(MachineId machine, RunKey key) {
        return whenEnded(machine, key)
                .<RunStatus>map(ended -> ended.isDone() ? ended.join() : new RunStatus.Running())
                .orElse(new RunStatus.NotStarted());
    }

    Optional<CompletableFuture<RunStatus.Ended>> whenEnded(MachineId machine, RunKey key) {
        return Optional.ofNullable(machines.getOrDefault(machine, Map.of()).get(key))
                .map(run -> run.ended);
    }

    String output(MachineId machine, RunKey key) {
        FakeRun run = machines.getOrDefault(machine, Map.of()).get(key);
        if (run == null) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        run.run
                .script()
                .lines()
                .filter(line -> line.startsWith("echo "))
                .forEach(line -> text.append(line.substring("echo ".length())).append('\n'));
        return text.toString();
    }

    void stop(MachineId machine, RunKey key) {
        whenEnded(machine, key).ifPresent(ended -> ended.complete(new RunStatus.Stopped()));
    }

    private void begin(FakeRun run) {
        Duration length = Duration.ZERO;
        int code = 0;
        for (String line : run.run.script().lines().toList()) {
            String[] words = line.strip().split(" ", 2);
            switch (words[0]) {
                case "sleep" -> length = length.plus(Durations.parse(words[1]));
                case "exit" -> code = Integer.parseInt(words[1]);
                case "hang" -> length = Duration.ofDays(365);
                default -> {}
            }
        }
        if (length.compareTo(run.run.timeout()) > 0) {
            scheduler.schedule(
                    run.run.timeout(), () -> run.ended.complete(new RunStatus.TimedOut()));
        } else {
            RunStatus.Ended end = new RunStatus.Exited(code);
            scheduler.schedule(length, () -> run.ended.complete(end));
        }
    }
}
