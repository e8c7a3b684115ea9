package dev.spate.engine;

import dev.spate.async.Scheduler;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.Machine;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.JobState.Launching;
import dev.spate.job.Launch;
import dev.spate.job.Seat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What came of a job's launches.
 *
 * @param machines that the job has now, those it had before among them
 * @param trouble why a machine did not come; empty if all did
 * @param took how long it was until that was known
 */
record Launched(List<Hold> machines, Optional<Failure> trouble, Duration took) {

    /** Asks the cloud, and blocks until it is known which machines came. */
    static Launched await(Fleet fleet, Launching launching, Scheduler scheduler)
            throws InterruptedException {
        long begunNanos = scheduler.nanoTime();
        Map<Launch, CompletableFuture<Answer<List<Machine>>>> calls = new LinkedHashMap<>();
        for (Seat seat : launching.seats()) {
            calls.computeIfAbsent(seat.launch(), fleet::launch);
        }
        List<Hold> came = new ArrayList<>(launching.reused());
        Optional<Failure> trouble = Optional.empty();
        for (Seat seat : launching.seats()) {
            Answer<List<Machine>> answer =
                    Blocking.on(
                            scheduler,
                            Objects.requireNonNull(calls.get(seat.launch()), "asked for above"));
            switch (machine(seat, answer)) {
                case Answer.Ok<Machine>(Machine machine) ->
                        came.add(seat.on(machine.id(), scheduler.now()));
                case Answer.Failed<Machine>(Failure why) -> trouble = Optional.of(why);
            }
        }
        Duration took = Duration.ofNanos(scheduler.nanoTime() - begunNanos);
        return new Launched(List.copyOf(came), trouble, took);
    }

    /** The machine that came for a seat. */
    private static Answer<Machine> machine(Seat seat, Answer<List<Machine>> answer) {
        switch (answer) {
            case Answer.Failed<List<Machine>> failed -> {
                return failed.as();
            }
            case Answer.Ok<List<Machine>>(List<Machine> machines) -> {
                Optional<Machine> came =
                        machines.stream()
                                .filter(machine -> machine.index() == seat.index())
                                .findFirst();
                if (came.isEmpty()) {
                    return Answer.failed(
                            Failure.Kind.CAPACITY,
                            seat.launch().pool()
                                    + " gave "
                                    + machines.size()
                                    + " of "
                                    + seat.launch().count()
                                    + " machines");
                }
                Machine machine = came.get();
                if (machine.state() == Machine.State.GONE) {
                    Failure why = machine.ended().orElseThrow();
                    // Nothing ran on it yet: that is not the job's loss.
                    return new Answer.Failed<>(
                            why.kind() == Failure.Kind.LOST
                                    ? new Failure(Failure.Kind.INFRASTRUCTURE, why.message())
                                    : why);
                }
                return Answer.ok(machine);
            }
        }
    }
}
