package dev.spate.fleet;

import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
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
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable FakeCloud cloud;
    private final FakeNetwork network;
    private final Map<MachineId, Map<RunKey, FakeRun>> machines = new HashMap<>();
    private final Map<MachineId, Set<String>> setups = new HashMap<>();
    private final Map<MachineId, Map<JobId, Long>> owners = new HashMap<>();
    private final Map<MachineId, CompletableFuture<String>> notices = new HashMap<>();
    private final List<FakeRun> ledger = new ArrayList<>();
    private final List<Consumer<FakeGroundEvent>> listeners = new ArrayList<>();
    private boolean hasStartLock = true;
    private boolean hasEpochs = true;

    /** A run that was really started. */
    public static final class FakeRun {
        private final RunKey key;
        private final MachineId machine;
        private final Run run;
        private final Instant startedAt;
        private final CompletableFuture<RunStatus.Ended> ended = new CompletableFuture<>();
        private @Nullable Instant endedAt;

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
     * The ground under a cloud's machines.
     *
     * @param scheduler the world's, not a worker's: runs go on when workers crash
     */
    public FakeGround(Scheduler scheduler, FakeCloud cloud, FakeNetwork network) {
        this.scheduler = scheduler;
        this.isUp = cloud::isUp;
        this.cloud = cloud;
        this.network = network;
    }

    /**
     * The ground under machines without a cloud.
     *
     * @param isUp whether a machine takes connections at present
     */
    public FakeGround(Scheduler scheduler, Predicate<MachineId> isUp) {
        this.scheduler = scheduler;
        this.isUp = isUp;
        this.cloud = null;
        this.network = new FakeNetwork(new Random(0));
    }

    /** What is between workers and these machines. */
    public FakeNetwork network() {
        return network;
    }

    /** Whoever is given here is told of everything that happens, as it happens. */
    public void onEvent(Consumer<FakeGroundEvent> listener) {
        listeners.add(listener);
    }

    /**
     * Sets whether a run that was started cannot be started again: without, nothing is as promised.
     */
    public void startLock(boolean isSo) {
        hasStartLock = isSo;
    }

    /** Sets whether machines refuse an owner after a later one: without, nothing is as promised. */
    public void epochs(boolean isSo) {
        hasEpochs = isSo;
    }

    /** Every run that was started, in order. */
    public List<FakeRun> ledger() {
        return List.copyOf(ledger);
    }

    /** The run's wrapper is killed: it leaves no exit code. */
    public void vanish(RunKey key) {
        ledger.stream()
                .filter(run -> run.key.equals(key))
                .forEach(run -> end(run, new RunStatus.Vanished("its process is gone")));
    }

    /** The machine claims that somebody with this epoch has had to do with the job. */
    public void own(MachineId machine, JobId job, long epoch) {
        long last =
                owners.computeIfAbsent(machine, _ -> new HashMap<>()).merge(job, epoch, Math::max);
        if (last > epoch && hasEpochs) {
            tell(new FakeGroundEvent.Refused(now(), caller(), machine, job, epoch));
            throw new StaleOwner("machine " + machine + " has seen a later owner than " + epoch);
        }
        tell(new FakeGroundEvent.Served(now(), caller(), machine, job, epoch));
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

    /** What was planted on the machine; empty if nobody knows. */
    Optional<FakeBoot> boot(MachineId machine) {
        return cloud == null ? Optional.empty() : Optional.of(cloud.boot(machine));
    }

    Instant now() {
        return scheduler.now();
    }

    void tell(FakeGroundEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }

    Answer<Shell.Done> setUp(MachineId machine, Setup setup) {
        Set<String> done = setups.computeIfAbsent(machine, _ -> new HashSet<>());
        if (!done.contains(setup.fingerprint()) && setup.script().contains("fail")) {
            return Answer.failed(Failure.Kind.JOB, "setup exited with 1: fail");
        }
        done.add(setup.fingerprint());
        tell(new FakeGroundEvent.SetUp(now(), caller(), machine));
        return Answer.ok(Shell.Done.DONE);
    }

    RunStatus start(MachineId machine, Run run) {
        Map<RunKey, FakeRun> runs = machines.computeIfAbsent(machine, _ -> new LinkedHashMap<>());
        if (runs.containsKey(run.key()) && hasStartLock) {
            tell(new FakeGroundEvent.StartedBefore(now(), caller(), machine, run.key()));
        } else {
            FakeRun fresh = new FakeRun(machine, run, scheduler.now());
            runs.put(run.key(), fresh);
            ledger.add(fresh);
            tell(new FakeGroundEvent.Started(now(), caller(), machine, run.key()));
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

    /** What the run has written so far. */
    String output(MachineId machine, RunKey key) {
        FakeRun run = machines.getOrDefault(machine, Map.of()).get(key);
        if (run == null) {
            return "";
        }
        return FakeScript.output(run.run.script(), age(run));
    }

    /** How long it is until the run writes more; empty if it does not. */
    Optional<Duration> untilMore(MachineId machine, RunKey key) {
        FakeRun run = machines.getOrDefault(machine, Map.of()).get(key);
        if (run == null || run.ended.isDone()) {
            return Optional.empty();
        }
        return FakeScript.nextOutput(run.run.script(), age(run)).map(at -> at.minus(age(run)));
    }

    private Duration age(FakeRun run) {
        return Duration.between(run.startedAt, run.endedAt == null ? scheduler.now() : run.endedAt);
    }

    void stop(MachineId machine, RunKey key) {
        FakeRun run = machines.getOrDefault(machine, Map.of()).get(key);
        if (run != null && !run.ended.isDone()) {
            tell(new FakeGroundEvent.Stopped(now(), caller(), machine, key));
            end(run, new RunStatus.Stopped());
        }
    }

    void extendLease(MachineId machine, Duration lease) {
        tell(new FakeGroundEvent.Extended(now(), caller(), machine, lease));
        if (cloud != null) {
            cloud.extendLease(machine, lease);
        }
    }

    private void begin(FakeRun run) {
        Duration length = FakeScript.length(run.run.script());
        int code = FakeScript.exitCode(run.run.script());
        if (length.compareTo(run.run.timeout()) > 0) {
            scheduler.schedule(run.run.timeout(), () -> end(run, new RunStatus.TimedOut()));
        } else {
            RunStatus.Ended end = new RunStatus.Exited(code);
            scheduler.schedule(length, () -> end(run, end));
        }
    }

    /** Whatever runs on a machine that has stopped is over, but leaves nothing to be read. */
    private void end(FakeRun run, RunStatus.Ended how) {
        if (!run.ended.isDone() && isUp(run.machine)) {
            tell(new FakeGroundEvent.Ended(now(), run.machine, run.key, how));
            run.endedAt = now();
            run.ended.complete(how);
        }
    }

    static String caller() {
        return Thread.currentThread().getName();
    }
}
