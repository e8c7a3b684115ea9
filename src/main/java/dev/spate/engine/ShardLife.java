package dev.spate.engine;

import dev.spate.async.Batch;
import dev.spate.async.Deadline;
import dev.spate.async.LogContext;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Demand;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.Ownership;
import dev.spate.fleet.Plan;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard while this worker owns it: takes up the jobs in its journal, and claims new ones batch
 * by batch.
 *
 * <p>Whatever goes wrong that nobody expected ends this life of the shard; another begins with the
 * journal. Safe for any thread.
 */
final class ShardLife implements Runner.Owner, Ownership {

    private static final Logger log = LoggerFactory.getLogger(ShardLife.class);

    /**
     * How long to wait for threads that were interrupted before the shard is given away without
     * them.
     */
    private static final Duration REST_MAX = Duration.ofSeconds(10);

    /** How long idle machines may take to go before the shard is given away. */
    private static final Duration IDLE_END_MAX = Duration.ofSeconds(2);

    private final JobSource.Shard shard;
    private final Fleet fleet;
    private final EngineSettings settings;
    private final Scheduler scheduler;
    private final EngineEvents events;
    private final ShardOutput output;
    private final Placement placement;
    private final SettledIds settled;
    private final Consumer<ShardLife> onLost;
    private final List<Scheduler.Task<?>> loops = new ArrayList<>();

    // Guarded by this.
    private final Map<JobId, Runner> runners = new LinkedHashMap<>();
    private CompletableFuture<Void> oneReleased = new CompletableFuture<>();
    private @Nullable CompletableFuture<Void> ended;

    /**
     * @param onLost told, on any thread, if the shard's journal is lost or the shard cannot go on
     */
    ShardLife(
            JobSource.Shard shard,
            Fleet fleet,
            EngineSettings settings,
            Scheduler scheduler,
            EngineEvents events,
            OutputLog log,
            Consumer<ShardLife> onLost) {
        this.shard = shard;
        this.fleet = fleet;
        this.settings = settings;
        this.scheduler = scheduler;
        this.events = events;
        this.output = new ShardOutput(log, shard.number(), settings);
        this.onLost = onLost;
        this.placement = new Placement(shard.number(), fleet, settings, scheduler);
        this.settled = new SettledIds(settings);
    }

    int number() {
        return shard.number();
    }

    /** Takes up the journalled jobs and begins to claim. To be called once. */
    void start() {
        List<JobRecord> released =
                shard.records().stream()
                        .filter(record -> record.state() instanceof JobState.Released)
                        .toList();
        settled.replay(released);
        synchronized (this) {
            for (JobRecord record : shard.records()) {
                if (!(record.state() instanceof JobState.Released)) {
                    fleet.resume(record.state());
                    begin(record);
                }
            }
            fleet.open(number(), this);
            runners.values().forEach(Runner::start);
            loops.add(loop("placement", placement::run));
            loops.add(loop("claims", this::claim));
        }
        log.info(
                "Shard {} is open: jobs to go on with: {}, ids remembered: {}",
                number(),
                shard.records().size() - released.size(),
                released.size());
    }

    /**
     * Gives the shard away in good order: as {@link #drop}, and machines that wait for a job are
     * ended, for the next owner would not know of them.
     *
     * @return completes when the shard is at rest
     */
    CompletableFuture<Void> giveBack() {
        return end(true);
    }

    /**
     * Stops claiming and drops every job as it stands; machines are left alone. What is on its way
     * to the journal still arrives, if the journal is there. Idempotent.
     *
     * @return completes when the shard is at rest
     */
    CompletableFuture<Void> drop() {
        return end(false);
    }

    @Override
    public void released(JobRecord record) {
        CompletableFuture<Void> released;
        settled.remember(record);
        synchronized (this) {
            runners.remove(record.id());
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

    @Override
    public long epoch() {
        return shard.epoch();
    }

    @Override
    public CompletableFuture<Void> confirm() {
        return shard.journal()
                .confirm()
                .whenComplete(
                        (_, failure) -> {
                            if (failure instanceof Journal.JournalLost lost) {
                                lost(lost);
                            }
                        });
    }

    /** The jobs that are not released yet. */
    @Override
    public synchronized List<JobRecord> jobs() {
        return runners.values().stream().map(Runner::record).toList();
    }

    private CompletableFuture<Void> end(boolean isOrderly) {
        List<CompletableFuture<Void>> resting = new ArrayList<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        synchronized (this) {
            if (ended != null) {
                return ended;
            }
            ended = end;
            shard.input().close();
            placement.close();
            for (Scheduler.Task<?> loop : loops) {
                loop.cancel();
                resting.add(loop.result().handle((_, _) -> null));
            }
            runners.values().forEach(runner -> resting.add(runner.drop()));
        }
        var _ =
                atRest(resting)
                        .thenCompose(_ -> isOrderly ? endIdle() : done())
                        .thenRun(
                                () -> {
                                    fleet.drop(number());
                                    end.complete(null);
                                });
        return end;
    }

    private CompletableFuture<Void> atRest(List<CompletableFuture<Void>> resting) {
        CompletableFuture<Void> all =
                CompletableFuture.allOf(resting.toArray(CompletableFuture<?>[]::new));
        return atMost(
                REST_MAX,
                all,
                () -> log.warn("Shard {} is given away while threads of it are busy", number()));
    }

    /** That the machines are on their way out is enough. */
    private CompletableFuture<Void> endIdle() {
        return atMost(IDLE_END_MAX, fleet.endIdle(number()), () -> {});
    }

    private static CompletableFuture<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> atMost(
            Duration time, CompletableFuture<Void> awaited, Runnable ifLate) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Scheduler.Timer timer =
                scheduler.schedule(
                        time,
                        () -> {
                            if (done.complete(null)) {
                                ifLate.run();
                            }
                        });
        var _ =
                awaited.whenComplete(
                        (_, _) -> {
                            timer.cancel();
                            done.complete(null);
                        });
        return done;
    }

    /** A thread without which the shard could not go on. */
    private interface Loop {
        void run() throws InterruptedException;
    }

    private Scheduler.Task<?> loop(String name, Loop body) {
        return scheduler.start(
                name + "-" + number(),
                () -> {
                    LogContext.SHARD.is(number());
                    try {
                        body.run();
                    } catch (Journal.JournalLost lost) {
                        lost(lost);
                    } catch (RuntimeException | Error bug) {
                        log.error(
                                "Shard {} cannot go on: its {} thread failed", number(), name, bug);
                        lost(new Journal.JournalLost("its " + name + " thread failed", bug));
                    }
                    return null;
                });
    }

    // Claims.

    private void claim() throws InterruptedException {
        while (true) {
            Optional<Batch<Incoming>> batch = nextBatch();
            if (batch.isEmpty()) {
                return;
            }
            List<Incoming> messages = batch.get().elements();
            events.batch(messages.size(), batch.get().cut());
            // A job that is to be stopped need not wait for room.
            for (Incoming message : messages) {
                if (message instanceof Incoming.Cancelled(_, JobId id)) {
                    cancel(id);
                }
            }
            awaitRoom();
            claim(messages);
        }
    }

    private Optional<Batch<Incoming>> nextBatch() throws InterruptedException {
        try {
            return scheduler.await(shard.input().next(), Deadline.NEVER);
        } catch (ExecutionException failed) {
            throw new Journal.JournalLost(
                    "its messages cannot be read: " + failed.getCause(), failed);
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
            Blocking.on(scheduler, released);
        }
    }

    private void claim(List<Incoming> messages) throws InterruptedException {
        Admission admission = Admission.of(messages, this::contentHash, scheduler.now());
        Claim claim = Claim.of(admission, plans(admission), scheduler.now());
        // Cancellations of running jobs go to the journal before the offset that says they were
        // read.
        admission.cancelled().forEach(this::cancel);
        Commit commit =
                new Commit(
                        claim.records(),
                        settled.forget(scheduler.now()),
                        claim.results(),
                        claim.rejects(),
                        admission.consumedTo());
        Blocking.on(scheduler, shard.journal().append(commit));
        claim.records().forEach(this::takeUp);
        tell(admission, claim);
    }

    private Map<JobId, Plan> plans(Admission admission) throws InterruptedException {
        if (placement.isAnyoneWaiting()) {
            return Map.of();
        }
        return placement.plan(
                admission.accepted().stream()
                        .filter(job -> !admission.cancelled().contains(job.job().id()))
                        .map(job -> new Demand(job.job(), job.publishedAt(), 1, 0))
                        .toList());
    }

    private synchronized void takeUp(JobRecord record) {
        if (record.state() instanceof JobState.Released) {
            settled.remember(record);
        } else if (ended == null) {
            begin(record).start();
        }
    }

    private synchronized Runner begin(JobRecord record) {
        Steps steps =
                new Steps(fleet, placement, shard.journal(), output, settings, scheduler, events);
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

    private Optional<String> contentHash(JobId id) {
        Runner runner;
        synchronized (this) {
            runner = runners.get(id);
        }
        return runner == null
                ? settled.contentHash(id)
                : Optional.of(runner.record().contentHash());
    }

    private void tell(Admission admission, Claim claim) {
        for (int i = 0; i < admission.duplicates(); i++) {
            events.duplicate();
        }
        claim.rejects().forEach(reject -> events.rejected(reject.why().kind()));
        for (JobRecord record : claim.records()) {
            events.received();
            if (record.state() instanceof JobState.Launching) {
                events.attempt("first");
            }
        }
    }
}
