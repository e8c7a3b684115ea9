package dev.spate.engine;

import dev.spate.async.Batch;
import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Demand;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.Plan;
import dev.spate.job.Failure;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import dev.spate.job.JobState;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import dev.spate.job.Spent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard while this worker owns it: takes up the jobs in its journal, claims new ones batch by
 * batch, and remembers the ids of those that are settled.
 */
final class ShardLife implements Runner.Owner {

    private static final Logger log = LoggerFactory.getLogger(ShardLife.class);

    private final JobSource.Shard shard;
    private final Fleet fleet;
    private final EngineSettings settings;
    private final Scheduler scheduler;
    private final EngineEvents events;
    private final Placement placement;
    private final Consumer<ShardLife> onLost;
    private final List<Scheduler.Task<?>> loops = new ArrayList<>();

    // Guarded by this.
    private final Map<JobId, Runner> runners = new LinkedHashMap<>();
    private final LinkedHashMap<JobId, Remembered> settled = new LinkedHashMap<>();
    private CompletableFuture<Void> oneReleased = new CompletableFuture<>();
    private @Nullable CompletableFuture<Void> ended;

    /** A settled job, so that its id is not taken twice. */
    private record Remembered(String contentHash, Instant at) {}

    /**
     * @param onLost told once, on any thread, if the shard's journal is lost
     */
    ShardLife(
            JobSource.Shard shard,
            Fleet fleet,
            EngineSettings settings,
            Scheduler scheduler,
            EngineEvents events,
            Consumer<ShardLife> onLost) {
        this.shard = shard;
        this.fleet = fleet;
        this.settings = settings;
        this.scheduler = scheduler;
        this.events = events;
        this.onLost = onLost;
        this.placement = new Placement(shard.number(), fleet, settings, scheduler);
    }

    int number() {
        return shard.number();
    }

    /** Takes up the journalled jobs and begins to claim. To be called once. */
    void start() {
        int resumed = 0;
        List<JobRecord> remembered = new ArrayList<>();
        for (JobRecord record : shard.records()) {
            if (record.state() instanceof JobState.Released) {
                remembered.add(record);
            } else {
                fleet.resume(record.state());
                begin(record);
                resumed++;
            }
        }
        remembered.sort(Comparator.comparing(ShardLife::settledAt).thenComparing(JobRecord::id));
        remembered.forEach(this::remember);
        synchronized (this) {
            runners.values().forEach(Runner::start);
            loops.add(
                    scheduler.start(
                            "placement-" + number(),
                            () -> {
                                placement.run();
                                return null;
                            }));
            loops.add(
                    scheduler.start(
                            "claims-" + number(),
                            () -> {
                                claim();
                                return null;
                            }));
        }
        log.info(
                "Shard {} is open: {} jobs to go on with, {} ids remembered",
                number(),
                resumed,
                remembered.size());
    }

    /**
     * Stops claiming and drops every job as it stands; machines are left alone. What is on its way
     * to the journal still arrives, if the journal is there. Idempotent.
     *
     * @return completes when the shard is at rest
     */
    CompletableFuture<Void> end() {
        List<CompletableFuture<Void>> resting = new ArrayList<>();
        CompletableFuture<Void> end;
        synchronized (this) {
            if (ended != null) {
                return ended;
            }
            end = new CompletableFuture<>();
            ended = end;
            shard.input().close();
            for (Scheduler.Task<?> loop : loops) {
                loop.cancel();
                resting.add(loop.result().handle((_, _) -> null));
            }
            runners.values().forEach(runner -> resting.add(runner.drop()));
        }
        var _ =
                CompletableFuture.allOf(resting.toArray(CompletableFuture<?>[]::new))
                        .whenComplete(
                                (_, _) -> {
                                    fleet.drop(number());
                                    end.complete(null);
                                });
        return end;
    }

    @Override
    public void released(JobRecord record) {
        CompletableFuture<Void> released;
        synchronized (this) {
            runners.remove(record.id());
            remember(record);
            released = oneReleased;
            oneReleased = new CompletableFuture<>();
        }
        released.complete(null);
    }

    @Override
    public void lost(Journal.JournalLost why) {
        synchronized (this) {
            if (ended != null) {
                return;
            }
        }
        log.warn("Shard {} is dropped, its machines left alone: {}", number(), why.getMessage());
        onLost.accept(this);
    }

    /** The jobs that are not released yet. */
    synchronized List<JobRecord> jobs() {
        return runners.values().stream().map(Runner::record).toList();
    }

    // ---- Claims

    private void claim() throws InterruptedException {
        try {
            while (true) {
                awaitRoom();
                Optional<Batch<Incoming>> batch =
                        scheduler.await(shard.input().next(), Deadline.NEVER);
                if (batch.isEmpty()) {
                    return;
                }
                events.batch(batch.get().elements().size(), batch.get().cut());
                claim(batch.get().elements());
            }
        } catch (Journal.JournalLost lost) {
            lost(lost);
        } catch (ExecutionException failed) {
            lost(
                    new Journal.JournalLost(
                            "the shard's messages cannot be read: " + failed.getCause(), failed));
        } catch (TimeoutException impossible) {
            throw new IllegalStateException("never is never over", impossible);
        }
    }

    /** A batch may take the shard past its limit by what is in it, not more. */
    private void awaitRoom() throws InterruptedException {
        while (true) {
            CompletableFuture<Void> released;
            synchronized (this) {
                if (runners.size() < settings.jobsMax()) {
                    return;
                }
                released = oneReleased;
            }
            Together.await(scheduler, released);
        }
    }

    private void claim(List<Incoming> messages) throws InterruptedException {
        Admission admission = Admission.of(messages, this::contentHash, scheduler.now());
        List<Demand> demands =
                admission.accepted().stream()
                        .filter(job -> !admission.cancelled().contains(job.job().id()))
                        .map(job -> new Demand(job.job(), job.publishedAt(), 1, 0))
                        .toList();
        Map<JobId, Plan> plans = placement.plan(demands);
        List<JobRecord> records = new ArrayList<>();
        List<Reject> rejects = new ArrayList<>(admission.rejects());
        List<JobResult> results = new ArrayList<>(admission.results());
        for (Incoming.Submitted job : admission.accepted()) {
            boolean isCancelled = admission.cancelled().contains(job.job().id());
            JobRecord record =
                    first(job, isCancelled, Optional.ofNullable(plans.get(job.job().id())));
            records.add(record);
            if (record.state() instanceof JobState.Released
                    && plans.get(job.job().id()) instanceof Plan.Never(Failure why)) {
                rejects.add(new Reject(job.offset(), why, job.raw()));
                results.add(
                        Admission.rejected(
                                record.id(), why, job.publishedAt(), job.trace(), scheduler.now()));
            }
        }
        // Cancellations of running jobs go to the journal before the offset that says they were
        // read.
        admission.cancelled().forEach(this::cancel);
        Commit commit =
                new Commit(records, forgettable(), results, rejects, admission.consumedTo());
        Together.await(scheduler, shard.journal().append(commit));
        tell(admission, rejects);
        records.forEach(this::takeUp);
    }

    /** The first record of a job. */
    private JobRecord first(Incoming.Submitted job, boolean isCancelled, Optional<Plan> plan) {
        Instant now = scheduler.now();
        JobState.Waiting waiting =
                new JobState.Waiting(
                        1,
                        now,
                        new Failure(Failure.Kind.CAPACITY, "it has not been planned for yet"));
        Spent spent = Spent.NOTHING;
        Map<Phase, Duration> phases = Map.of();
        JobState state = waiting;
        if (plan.isPresent()) {
            switch (plan.get()) {
                case Plan.Placed(var seats, var reused) -> {
                    state = waiting.launch(seats, reused);
                    spent = spent.plusLaunch();
                    Duration queued = Duration.between(job.publishedAt(), now);
                    phases = Map.of(Phase.QUEUED, queued.isNegative() ? Duration.ZERO : queued);
                    events.attempt("first");
                }
                case Plan.NotNow(Failure why, _) -> state = new JobState.Waiting(1, now, why);
                case Plan.Never _ ->
                        state = waiting.settle(Outcome.REJECTED, now, List.of()).release();
            }
        }
        return new JobRecord(
                job.job(),
                job.contentHash(),
                job.trace(),
                job.publishedAt(),
                1,
                isCancelled,
                state,
                spent,
                phases);
    }

    private synchronized void takeUp(JobRecord record) {
        if (record.state() instanceof JobState.Released) {
            remember(record);
        } else if (ended == null) {
            begin(record).start();
        }
    }

    private synchronized Runner begin(JobRecord record) {
        Steps steps = new Steps(fleet, placement, settings, scheduler, events);
        Runner runner = new Runner(record, steps, shard.journal(), scheduler, events, this);
        runners.put(record.id(), runner);
        return runner;
    }

    private void cancel(JobId id) {
        Runner runner;
        synchronized (this) {
            runner = runners.get(id);
        }
        if (runner != null) {
            runner.cancel();
        }
    }

    private void tell(Admission admission, List<Reject> rejects) {
        Stream.iterate(0, i -> i < admission.duplicates(), i -> i + 1)
                .forEach(_ -> events.duplicate());
        rejects.forEach(reject -> events.rejected(reject.why().kind()));
        admission.accepted().forEach(_ -> events.received());
    }

    // ---- Remembering

    private synchronized Optional<String> contentHash(JobId id) {
        Runner runner = runners.get(id);
        if (runner != null) {
            return Optional.of(runner.record().contentHash());
        }
        return Optional.ofNullable(settled.get(id)).map(Remembered::contentHash);
    }

    private synchronized void remember(JobRecord record) {
        settled.put(record.id(), new Remembered(record.contentHash(), settledAt(record)));
    }

    /** The ids that need not be remembered any longer; they are forgotten with this call. */
    private synchronized List<JobId> forgettable() {
        Instant before = scheduler.now().minus(settings.dedupeWindow());
        List<JobId> old = new ArrayList<>();
        for (Map.Entry<JobId, Remembered> entry : settled.entrySet()) {
            if (!entry.getValue().at().isBefore(before)
                    && settled.size() - old.size() <= settings.idsMax()) {
                break;
            }
            old.add(entry.getKey());
        }
        old.forEach(settled::remove);
        return old;
    }

    private static Instant settledAt(JobRecord record) {
        return record.state() instanceof JobState.Released released ? released.at() : Instant.EPOCH;
    }
}
