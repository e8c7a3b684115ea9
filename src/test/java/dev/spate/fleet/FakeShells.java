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
 * connections can be made to break, here for this worker or in the {@link FakeNetwork} for all.
 */
public final class FakeShells implements Shells {

    private static final Duration EXCHANGE = Duration.ofMillis(1);

    /** When a worker finds out that the other end is gone, if nobody tells it. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(45);

    private final FakeGround ground;
    private final FakeNetwork network;
    private final Scheduler scheduler;
    private final MachineKeys keys;
    private final List<FakeShell> open = new ArrayList<>();
    private final Set<MachineId> impostors = new HashSet<>();
    private final Set<MachineId> unreachable = new HashSet<>();

    /**
     * @param scheduler the worker's own
     */
    public FakeShells(FakeGround ground, Scheduler scheduler) {
        this(ground, scheduler, new FakeKeys());
    }

    /**
     * @param keys by which the worker knows machines, and they it
     */
    public FakeShells(FakeGround ground, Scheduler scheduler, MachineKeys keys) {
        this.ground = ground;
        this.network = ground.network();
        this.scheduler = scheduler;
        this.keys = keys;
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
        MachineId machine = target.machine();
        Duration time = EXCHANGE.plus(network.slowness(machine));
        if (deadline.remaining(scheduler).compareTo(time) < 0) {
            scheduler.sleep(deadline.remaining(scheduler));
            return notReached(machine, "no answer in time from " + target.address());
        }
        scheduler.sleep(time);
        MachineId answering = network.answering(machine);
        if (unreachable.contains(machine) || network.isCut(machine) || !ground.isUp(answering)) {
            return notReached(machine, "nobody answers at " + target.address());
        }
        MachineKeys.Planted planted = keys.planted(target.token());
        Optional<FakeBoot> boot = ground.boot(answering);
        boolean isKnown =
                boot.isEmpty()
                        || boot.get().hostKey().isEmpty()
                        || boot.get().hostKey().equals(planted.hostPublicKey());
        if (impostors.contains(machine) || !isKnown) {
            ground.tell(new FakeGroundEvent.Mistrusted(ground.now(), FakeGround.caller(), machine));
            return Answer.failed(
                    Failure.Kind.SECURITY, "machine " + machine + " is not the one it should be");
        }
        ground.tell(
                new FakeGroundEvent.LoggedIn(
                        ground.now(), FakeGround.caller(), machine, answering));
        boolean fits =
                boot.isEmpty()
                        || boot.get().loginKey().isEmpty()
                        || boot.get().loginKey().equals(planted.authorizedKey());
        if (network.isLocked(machine) || !fits) {
            return notReached(machine, "login refused by " + target.address());
        }
        FakeShell shell = new FakeShell(answering, target.epoch());
        open.add(shell);
        network.opened(shell);
        return Answer.ok(shell);
    }

    @Override
    public void close() {
        breakConnections();
    }

    private Answer<Shell> notReached(MachineId machine, String why) {
        ground.tell(
                new FakeGroundEvent.NotReached(ground.now(), FakeGround.caller(), machine, why));
        return Answer.failed(Failure.Kind.INFRASTRUCTURE, why);
    }

    private final class FakeShell implements Shell, FakeNetwork.Connection {
        private final MachineId machine;
        private final long epoch;
        private final CompletableFuture<Void> broken = new CompletableFuture<>();
        private boolean isSilent;

        FakeShell(MachineId machine, long epoch) {
            this.machine = machine;
            this.epoch = epoch;
        }

        @Override
        public MachineId machine() {
            return machine;
        }

        @Override
        public void sever() {
            close();
        }

        @Override
        public void silence() {
            isSilent = true;
            scheduler.schedule(KEEP_ALIVE, this::close);
        }

        @Override
        public boolean isOpen() {
            return !broken.isDone();
        }

        @Override
        public Answer<Done> setUp(Setup setup, Deadline deadline) throws InterruptedException {
            return exchange(deadline, () -> ground.setUp(machine, setup));
        }

        @Override
        public Answer<RunStatus> start(Run run, Deadline deadline) throws InterruptedException {
            return exchange(
                    deadline,
                    () -> {
                        ground.own(machine, run.key().job(), epoch);
                        return Answer.ok(ground.start(machine, run));
                    });
        }

        @Override
        public Answer<RunStatus> status(RunKey key, Deadline deadline) throws InterruptedException {
            return exchange(deadline, () -> Answer.ok(ground.status(machine, key)));
        }

        @Override
        public Answer<RunStatus.Ended> watch(
                RunKey key, long outOffset, long errOffset, OutputSink sink, Deadline deadline)
                throws InterruptedException {
            if (isOpen() && !isSilent && ground.isUp(machine)) {
                ground.own(machine, key.job(), epoch);
            }
            Optional<CompletableFuture<RunStatus.Ended>> run = ground.whenEnded(machine, key);
            if (run.isEmpty()) {
                return Answer.ok(new RunStatus.Vanished("it was never started"));
            }
            CompletableFuture<?> over = CompletableFuture.anyOf(run.get(), broken);
            Following following = new Following(key, sink, outOffset);
            while (!over.isDone() && !deadline.hasPassed(scheduler)) {
                following.handOver();
                Optional<Duration> more = ground.untilMore(machine, key);
                try {
                    scheduler.await(over, more.map(this::after).orElse(deadline));
                } catch (TimeoutException there) {
                    // More output, or the deadline.
                } catch (ExecutionException impossible) {
                    return brokenOff();
                }
            }
            if (!over.isDone()) {
                return brokenOff();
            }
            return exchange(
                    deadline,
                    () -> {
                        following.handOver();
                        return Answer.ok(run.get().join());
                    });
        }

        private Deadline after(Duration time) {
            return Deadline.after(scheduler, time);
        }

        /** Hands over standard output as it comes, for as long as the connection carries it. */
        private final class Following {
            private final RunKey key;
            private final OutputSink sink;
            private long offset;

            Following(RunKey key, OutputSink sink, long offset) {
                this.key = key;
                this.sink = sink;
                this.offset = offset;
            }

            void handOver() {
                if (!isOpen() || isSilent || !ground.isUp(machine)) {
                    return;
                }
                byte[] text = ground.output(machine, key).getBytes(StandardCharsets.UTF_8);
                if (text.length > offset) {
                    byte[] rest = Arrays.copyOfRange(text, (int) offset, text.length);
                    sink.accept(OutputSink.Stream.OUT, offset, rest, rest.length);
                    offset = text.length;
                }
            }
        }

        @Override
        public Answer<Done> stop(RunKey key, Deadline deadline) throws InterruptedException {
            return exchange(
                    deadline,
                    () -> {
                        ground.own(machine, key.job(), epoch);
                        ground.stop(machine, key);
                        return Answer.ok(Done.DONE);
                    });
        }

        @Override
        public Answer<OutputFile> fetch(RunKey key, RelativePath path, Deadline deadline)
                throws InterruptedException {
            return exchange(deadline, () -> fetched(path));
        }

        /** A path says by its name how fetching it goes. */
        private static Answer<OutputFile> fetched(RelativePath path) {
            if (path.value().startsWith("missing")) {
                return Answer.failed(Failure.Kind.JOB, "output " + path + " is not there");
            }
            if (path.value().startsWith("unreadable")) {
                return Answer.failed(Failure.Kind.LOST, "the disk under " + path + " is broken");
            }
            return Answer.ok(new OutputFile(path, 1, "0".repeat(64), Optional.empty()));
        }

        @Override
        public Answer<Optional<String>> awaitNotice(Deadline deadline) throws InterruptedException {
            CompletableFuture<String> notice = ground.whenNoticed(machine);
            try {
                scheduler.await(CompletableFuture.anyOf(notice, broken), deadline);
            } catch (TimeoutException | ExecutionException late) {
                return brokenOff();
            }
            return exchange(deadline, () -> Answer.ok(Optional.of(notice.join())));
        }

        @Override
        public Answer<Done> extendLease(Duration lease, Deadline deadline)
                throws InterruptedException {
            return exchange(
                    deadline,
                    () -> {
                        ground.extendLease(machine, lease);
                        return Answer.ok(Done.DONE);
                    });
        }

        @Override
        public void close() {
            open.remove(this);
            network.closed(this);
            broken.complete(null);
        }

        private <T> Answer<T> exchange(Deadline deadline, Supplier<Answer<T>> body)
                throws InterruptedException {
            scheduler.sleep(EXCHANGE);
            if (isSilent) {
                return unanswered(deadline);
            }
            if (!isOpen() || !ground.isUp(machine)) {
                return brokenOff();
            }
            FakeNetwork.Fate fate = network.ofNextExchange();
            if (fate == FakeNetwork.Fate.GOES_WELL) {
                return body.get();
            }
            boolean isDone = fate == FakeNetwork.Fate.BREAKS_AFTER;
            if (isDone) {
                var _ = body.get();
            }
            ground.tell(
                    new FakeGroundEvent.Broke(ground.now(), FakeGround.caller(), machine, isDone));
            close();
            return brokenOff();
        }

        /** Nothing comes back, until this end finds out for itself. */
        private <T> Answer<T> unanswered(Deadline deadline) throws InterruptedException {
            try {
                scheduler.await(broken, deadline);
            } catch (TimeoutException | ExecutionException late) {
                // No more is known.
            }
            return brokenOff();
        }

        private <T> Answer<T> brokenOff() {
            return Answer.failed(
                    Failure.Kind.INFRASTRUCTURE, "the connection to machine " + machine + " broke");
        }
    }
}
