package dev.spate.engine;

import dev.spate.async.BatchIterator;
import dev.spate.async.FakeProcess;
import dev.spate.async.FakeScheduler;
import dev.spate.fleet.FakeCloud;
import dev.spate.fleet.FakeGround;
import dev.spate.fleet.FakeKeys;
import dev.spate.fleet.FakeNetwork;
import dev.spate.fleet.FakeShells;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.FleetSettings;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import dev.spate.job.JobState;
import dev.spate.job.MachineId;
import dev.spate.job.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Everything around a worker, in memory and on one fake clock: topics, a cloud, and what runs on
 * its machines. Workers are processes that can crash.
 */
final class World {

    private static final BatchIterator.Limits BATCHES =
            new BatchIterator.Limits(500, 1 << 20, Duration.ofMillis(20), 2);

    final FakeScheduler clock;
    final FakeTopics topics;
    final FakeCloud cloud;
    final FakeGround ground;
    FleetSettings fleetSettings = FleetSettings.defaults("test");
    EngineSettings engineSettings = EngineSettings.defaults();
    EngineEvents events = EngineEvents.NONE;
    OutputLog output = OutputLog.NONE;

    World(long seed) {
        clock = new FakeScheduler(seed);
        topics = new FakeTopics(clock);
        cloud = new FakeCloud(clock, new Random(seed));
        ground = new FakeGround(clock, cloud, new FakeNetwork(new Random(seed)));
    }

    /** A worker with a process of its own. */
    record Running(
            FakeProcess process,
            Worker worker,
            Fleet fleet,
            FakeShells shells,
            FakeSource source) {}

    /** Starts a worker that takes shard 0. */
    Running start(String name) {
        FakeProcess process = clock.process(name);
        FakeShells shells = new FakeShells(ground, process);
        Fleet fleet =
                new Fleet(
                        fleetSettings,
                        cloud,
                        shells,
                        new FakeKeys(),
                        process,
                        new Random(1),
                        FleetEvents.NONE);
        FakeSource source = new FakeSource(topics, process, BATCHES, List.of(0));
        Worker worker = new Worker(source, fleet, engineSettings, process, events, output);
        worker.start();
        return new Running(process, worker, fleet, shells, source);
    }

    void publish(Job job) {
        publish(job, "hash-" + job.id());
    }

    void publish(Job job, String contentHash) {
        Instant now = clock.now();
        RawMessage raw = new RawMessage(null, null, List.of());
        topics.publish(
                0,
                new Incoming.Submitted(
                        topics.nextOffset(0), job, contentHash, Trace.NONE, now, raw));
    }

    void cancel(String id) {
        topics.publish(0, new Incoming.Cancelled(topics.nextOffset(0), new JobId(id)));
    }

    /** Lets time pass until the job has its result. */
    JobResult result(String id) {
        clock.runUntil(() -> find(id).isPresent(), Duration.ofDays(2));
        return find(id).orElseThrow();
    }

    /** Lets time pass until the job has nothing left to do. */
    JobRecord released(String id) {
        clock.runUntil(() -> state(id) instanceof JobState.Released, Duration.ofDays(2));
        return journalled(id);
    }

    void runUntilIn(String id, Class<? extends JobState> state) {
        clock.runUntil(() -> state.isInstance(state(id)), Duration.ofDays(2));
    }

    /** The machine of the run that was started first, second, ... */
    MachineId machine(int index) {
        return ground.ledger().get(index).machine();
    }

    JobRecord journalled(String id) {
        JobRecord record = topics.journalled(0, new JobId(id));
        if (record == null) {
            throw new AssertionError("job " + id + " is not in the journal");
        }
        return record;
    }

    private Object state(String id) {
        JobRecord record = topics.journalled(0, new JobId(id));
        return record == null ? "none" : record.state();
    }

    private Optional<JobResult> find(String id) {
        return topics.results().stream()
                .filter(result -> result.id().value().equals(id))
                .findFirst();
    }
}
