package dev.spate.fleet;

import dev.spate.async.Backoff;
import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.MachineId;
import dev.spate.job.Text;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** Waits for machines to come up, and connects to them. Safe for any thread. */
final class Arrivals {

    // Each pause is about a tenth of what has passed before: who boots in two seconds is reached
    // within 0.2 more, and who takes a minute is not asked six times a second.
    private static final Backoff CONNECT_BACKOFF =
            new Backoff(Duration.ofMillis(50), Duration.ofMillis(500), 1.1, 0.3);
    private static final Duration CONNECT_TRY_MAX = Duration.ofSeconds(15);
    private static final int CONSOLE_TAIL_LENGTH = 500;

    private final Cloud cloud;
    private final Shells shells;
    private final MachineWatch watch;
    private final OwnedShards shards;
    private final FleetSettings settings;
    private final Scheduler scheduler;
    private final RandomGenerator random;

    Arrivals(
            Cloud cloud,
            Shells shells,
            MachineWatch watch,
            OwnedShards shards,
            FleetSettings settings,
            Scheduler scheduler,
            RandomGenerator random) {
        this.cloud = cloud;
        this.shells = shells;
        this.watch = watch;
        this.shards = shards;
        this.settings = settings;
        this.scheduler = scheduler;
        this.random = random;
    }

    /** As {@link Fleet#reach} promises. */
    Answer<Fleet.Reached> reach(Hold hold, Deadline deadline) throws InterruptedException {
        return switch (addressed(hold.machine(), deadline)) {
            case Answer.Failed<Machine> failed -> failed.as();
            case Answer.Ok<Machine>(Machine machine) -> {
                String address = machine.address().orElseThrow();
                yield connect(
                        machine,
                        new Target(
                                machine.id(),
                                address,
                                hold.launch().token(),
                                shards.epoch(hold.launch().shard())),
                        deadline);
            }
        };
    }

    private Answer<Machine> addressed(MachineId id, Deadline deadline) throws InterruptedException {
        CompletableFuture<Machine> addressed =
                watch.when(
                        id, true, machine -> machine.isEnding() || machine.address().isPresent());
        try {
            Machine machine = scheduler.await(addressed, deadline);
            return machine.isEnding() ? lost(machine) : Answer.ok(machine);
        } catch (TimeoutException late) {
            return Answer.failed(
                    Failure.Kind.INFRASTRUCTURE,
                    "machine " + id + " got no address in time" + console(id));
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("watching never fails", impossible);
        } finally {
            addressed.cancel(false);
        }
    }

    private Answer<Fleet.Reached> connect(Machine machine, Target target, Deadline deadline)
            throws InterruptedException {
        for (int tries = 1; ; tries++) {
            Deadline tryDeadline = Deadline.after(scheduler, CONNECT_TRY_MAX).sooner(deadline);
            long begunNanos = scheduler.nanoTime();
            Failure why;
            switch (shells.connect(target, tryDeadline)) {
                case Answer.Ok<Shell>(Shell shell) -> {
                    Duration took = Duration.ofNanos(scheduler.nanoTime() - begunNanos);
                    return Answer.ok(new Fleet.Reached(machine, shell, took));
                }
                case Answer.Failed<Shell>(Failure failure) -> why = failure;
            }
            if (why.kind() == Failure.Kind.SECURITY) {
                return new Answer.Failed<>(why);
            }
            Machine latest = watch.latest(machine.id()).orElse(machine);
            if (latest.isEnding()) {
                return lost(latest);
            }
            Duration pause = CONNECT_BACKOFF.delay(tries, random);
            if (deadline.remaining(scheduler).compareTo(pause) <= 0) {
                return Answer.failed(
                        Failure.Kind.INFRASTRUCTURE, why.message() + console(machine.id()));
            }
            scheduler.sleep(pause);
        }
    }

    /** The end of the console's text, as part of a message. */
    private String console(MachineId id) throws InterruptedException {
        String text =
                switch (cloud.console(id, Deadline.after(scheduler, settings.callTimeout()))) {
                    case Answer.Ok<String>(String console) -> console.strip();
                    case Answer.Failed<String> _ -> "";
                };
        if (text.isEmpty()) {
            return "; its console says nothing";
        }
        return "; its console ends: " + Text.end(text, CONSOLE_TAIL_LENGTH);
    }

    private static <T> Answer<T> lost(Machine machine) {
        return new Answer.Failed<>(
                machine.ended()
                        .orElse(
                                new Failure(
                                        Failure.Kind.LOST,
                                        "machine " + machine.id() + " is gone")));
    }
}
