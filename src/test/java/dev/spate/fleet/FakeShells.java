package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.MachineId;
import dev.spate.job.OutputFile;
import dev.spate.job.RelativePath;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * One worker's way onto the machines of a {@link FakeGround}. Every exchange takes a millisecond;
 * connections can be made to break.
 */
public final class FakeShells implements Shells {

    private static final Duration EXCHANGE = Duration.ofMillis(1);

    private final FakeGround ground;
    private final Scheduler scheduler;
    private final List<FakeShell> open = new ArrayList<>();
    private final Set<MachineId> impostors = new HashSet<>();
    private final Set<MachineId> unreachable = new HashSet<>();

    /**
     * @param scheduler the worker's own
     */
    public FakeShells(FakeGround ground, Scheduler scheduler) {
        this.ground = ground;
        this.scheduler = scheduler;
    }

    /** From now on the machine shows another host key. */
    public void replace(MachineId machine) {
        impostors.add(machine);
    }

    /** From now on nobody answers at the machine's address, and connections to it are broken. */
    public void cutOff(MachineId machine) {
        unreachable.add(machine);
        breakConnections();
    }

    /** The machine can be reached again. */
    public void reconnect(MachineId machine) {
        unreachable.remove(machine);
    }

    /** Breaks every connection that stands. */
    public void breakConnections() {
        List.copyOf(open).forEach(FakeShell::close);
    }

    /** How many connections stand. */
    public int openCount() {
        return open.size();
    }

    @Override
    public Answer<Shell> connect(Target target, Deadline deadline) throws InterruptedException {
        scheduler.sleep(EXCHANGE);
        if (impostors.contains(target.machine())) {
            return Answer.failed(
                    Failure.Kind.SECURITY,
                    "machine " + target.machine() + " is not the one it should be");
        }
        if (unreachable.contains(target.machine()) || !ground.isUp(target.machine())) {
            return Answer.failed(
                    Failure.Kind.INFRASTRUCTURE, "nobody answers at " + target.address());
        }
        FakeShell shell = new FakeShell(target);
        open.add(shell);
        return Answer.ok(shell);
    }

    @Override
    public void close() {
        breakConnections();
    }

    private final class FakeShell implements Shell {
        private final MachineId machine;
        private final long epoch;
        private final CompletableFuture<Void> broken = new CompletableFuture<>();

        FakeShell(Target target) {
            this.machine = target.machine();
            this.epoch = target.epoch();
        }

        @Override
        public boolean isOpen() {
            return !broken.isDone();
        }

        @Override
        public Answer<Done> setUp(Setup setup, Deadline deadline) throws InterruptedException {
            return exchange(() -> ground.setUp(machine, setup));
        }

        @Override
        public Answer<RunStatus> start(Run run, Deadline deadline) throws InterruptedException {
            return exchange(
                    () -> {
                        ground.own(machine, run.key().job(), epoch);
                        return Answer.ok(ground.start(machine, run));
                    });
        }

        @Override
        public Answer<RunStatus> status(RunKey key, Deadline deadline) throws InterruptedException {
            return exchange(() -> Answer.ok(ground.status(machine, key)));
        }

        @Override
        public Answer<RunStatus.Ended> watch(
                RunKey key, long outOffset, long errOffset, OutputSink sink, Deadline deadline)
                throws InterruptedException {
            if (ground.isUp(machine)) {
                ground.own(machine, key.job(), epoch);
            }
            Optional<CompletableFuture<RunStatus.Ended>> run = ground.whenEnded(machine, key);
            if (run.isEmpty()) {
                return Answer.ok(new RunStatus.Vanished("it was never started"));
            }
            try {
                scheduler.await(CompletableFuture.anyOf(run.get(), broken), deadline);
            } catch (TimeoutException | ExecutionException late) {
                return brokenOff();
            }
            return exchange(
                    () -> {
                        byte[] text = ground.output(machine, key).getBytes(StandardCharsets.UTF_8);
                        long tailFrom = text.length - sink.wanted().tailBytes();
                        long from =
                                tailFrom > outOffset && sink.wanted().allows(outOffset, tailFrom)
                                        ? tailFrom
                                        : outOffset;
                        byte[] rest = Arrays.copyOfRange(text, (int) from, text.length);
                        sink.accept(OutputSink.Stream.OUT, from, rest, rest.length);
                        return Answer.ok(run.get().join());
                    });
        }

        @Override
        public Answer<Done> stop(RunKey key, Deadline deadline) throws InterruptedException {
            return exchange(
                    () -> {
                        ground.own(machine, key.job(), epoch);
                        ground.stop(machine, key);
                        return Answer.ok(Done.DONE);
                    });
        }

        @Override
        public Answer<OutputFile> fetch(RunKey key, RelativePath path, Deadline deadline)
                throws InterruptedException {
            return exchange(
                    () ->
                            path.value().startsWith("missing")
                                    ? Answer.failed(
                                            Failure.Kind.JOB, "output " + path + " is not there")
                                    : Answer.ok(
                                            new OutputFile(
                                                    path, 1, "0".repeat(64), Optional.empty())));
        }

        @Override
        public Answer<Optional<String>> awaitNotice(Deadline deadline) throws InterruptedException {
            CompletableFuture<String> notice = ground.whenNoticed(machine);
            try {
                scheduler.await(CompletableFuture.anyOf(notice, broken), deadline);
            } catch (TimeoutException | ExecutionException late) {
                return brokenOff();
            }
            return exchange(() -> Answer.ok(Optional.of(notice.join())));
        }

        @Override
        public Answer<Done> extendLease(Duration lease, Deadline deadline)
                throws InterruptedException {
            return exchange(() -> Answer.ok(Done.DONE));
        }

        @Override
        public void close() {
            open.remove(this);
            broken.complete(null);
        }

        private <T> Answer<T> exchange(Supplier<Answer<T>> body) throws InterruptedException {
            scheduler.sleep(EXCHANGE);
            return isOpen() && ground.isUp(machine) ? body.get() : brokenOff();
        }

        private <T> Answer<T> brokenOff() {
            return Answer.failed(
                    Failure.Kind.INFRASTRUCTURE, "the connection to machine " + machine + " broke");
        }
    }
}
