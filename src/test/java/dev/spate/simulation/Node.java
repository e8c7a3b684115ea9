package dev.spate.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spate.async.Deadline;
import dev.spate.async.FakeProcess;
import dev.spate.async.FakeScheduler;
import dev.spate.engine.EngineEvents;
import dev.spate.engine.FakeOutputLog;
import dev.spate.engine.FakeSource;
import dev.spate.engine.FakeTopics;
import dev.spate.engine.OutputLog;
import dev.spate.engine.Worker;
import dev.spate.fleet.FakeCloud;
import dev.spate.fleet.FakeGround;
import dev.spate.fleet.FakeKeys;
import dev.spate.fleet.FakeShells;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.FleetEvents;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * A place where a worker runs, one process after another: a real engine and a real fleet over the
 * world's fakes.
 */
final class Node {

    private static final Duration CLOSE_MAX = Duration.ofSeconds(12);

    private final String name;
    private final World world;
    private int lives;
    private Life life;

    /** What all workers share. */
    record World(
            FakeScheduler clock,
            FakeTopics topics,
            FakeCloud cloud,
            FakeGround ground,
            Scenario scenario,
            Mutation mutation,
            History history,
            SplittableRandom random) {}

    /** A worker's process, from start to end. */
    record Life(FakeProcess process, Worker worker, Fleet fleet, FakeSource source) {}

    Node(String name, World world) {
        this.name = name;
        this.world = world;
        this.life = begin();
    }

    /** The process that runs here, or did last. */
    Life life() {
        return life;
    }

    boolean isUp() {
        return !life.process.isCrashed();
    }

    boolean isPaused() {
        return life.process.isPaused();
    }

    /** Starts a new process where the last one has ended. */
    void start() {
        life = begin();
    }

    private Life begin() {
        lives++;
        FakeProcess process = world.clock.process(lives == 1 ? name : name + "." + lives);
        Mutation mutation = world.mutation;
        FakeKeys keys = new FakeKeys();
        Fleet fleet =
                mutation.fleets()
                        .start(
                                world.scenario.fleet(),
                                mutation.cloud(world.cloud, process),
                                new FakeShells(world.ground, process, mutation.keys(keys)),
                                mutation.keys(keys),
                                process,
                                world.random.split(),
                                FleetEvents.NONE);
        FakeSource source =
                new FakeSource(
                        world.topics,
                        process,
                        world.scenario.batches(),
                        List.of(),
                        shard -> mutation.shard(shard, process));
        Worker worker =
                new Worker(
                        source,
                        fleet,
                        world.scenario.engine(),
                        process,
                        EngineEvents.NONE,
                        mutation.output(new Published(process)));
        tell(process, "starts");
        worker.start();
        return new Life(process, worker, fleet, source);
    }

    /** Ends the process at once, without a word to anybody. */
    void kill() {
        if (isUp()) {
            tell(life.process, "is killed");
            life.process.crash();
        }
    }

    void pause() {
        if (isUp() && !isPaused()) {
            tell(life.process, "is stopped");
            life.process.pause();
        }
    }

    void resume() {
        if (isPaused()) {
            tell(life.process, "goes on");
            life.process.resume();
        }
    }

    /**
     * Tells the process to end in good order.
     *
     * @param whenClosed run when it has
     */
    void close(Runnable whenClosed) {
        Life closing = life;
        tell(closing.process, "is told to end");
        var _ =
                closing.process
                        .start(
                                "close",
                                () -> {
                                    closing.worker.close(
                                            Deadline.after(closing.process, CLOSE_MAX));
                                    closing.fleet.close();
                                    return true;
                                })
                        .result()
                        .whenComplete((_, _) -> world.clock.schedule(Duration.ZERO, whenClosed));
    }

    /** What a worker publishes is at once where every reader sees it. */
    private final class Published implements OutputLog {
        private final FakeProcess process;

        Published(FakeProcess process) {
            this.process = process;
        }

        @Override
        public void publish(Source source, long offset, byte[] bytes) {
            add(new FakeOutputLog.Entry(source, offset, new String(bytes, UTF_8), false));
        }

        @Override
        public void capped(Source source, long offset) {
            add(new FakeOutputLog.Entry(source, offset, "", true));
        }

        @Override
        public CompletableFuture<Void> flush() {
            return CompletableFuture.completedFuture(null);
        }

        private void add(FakeOutputLog.Entry entry) {
            world.history.add(new Event.Output(world.clock.now(), process.name(), entry));
        }
    }

    private void tell(FakeProcess process, String what) {
        world.history.add(new Event.ToWorker(world.clock.now(), process.name(), what));
    }
}
