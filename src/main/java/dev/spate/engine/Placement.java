package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Catalog;
import dev.spate.fleet.Demand;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.Plan;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.MachineSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Finds machines for a shard's jobs: for those of a batch at once, and for those that wait when
 * something has changed.
 *
 * <p>Safe for any thread. Jobs that wait are asked for in the order in which they began to wait.
 */
final class Placement {

    private static final Duration GATHERING = Duration.ofMillis(20);

    private final int shard;
    private final Fleet fleet;
    private final EngineSettings settings;
    private final Scheduler scheduler;
    private final Map<JobId, Waiter> waiters = new LinkedHashMap<>();
    private boolean isClosed;
    private CompletableFuture<Void> nudged = new CompletableFuture<>();

    /** A job that waits for machines. */
    interface Waiter {

        Demand demand();

        /**
         * The job is about to be planned for.
         *
         * @return false if it no longer waits; otherwise it does not withdraw until it is told what
         *     came of it
         */
        boolean take();

        /** It has its machines, or never will. */
        void decided(Plan plan);

        /** There was nothing for it, this time. */
        void stillWaiting(Failure why);
    }

    Placement(int shard, Fleet fleet, EngineSettings settings, Scheduler scheduler) {
        this.shard = shard;
        this.fleet = fleet;
        this.settings = settings;
        this.scheduler = scheduler;
    }

    /**
     * Plans for the jobs of a batch. Blocks while the cloud is asked about what they name; if it
     * does not answer, they wait.
     */
    Map<JobId, Plan> plan(List<Demand> demands) throws InterruptedException {
        if (demands.isEmpty()) {
            return Map.of();
        }
        return switch (catalog(demands)) {
            case Answer.Ok<Catalog>(Catalog catalog) -> fleet.plan(shard, demands, catalog);
            case Answer.Failed<Catalog>(Failure why) -> {
                Plan notNow = new Plan.NotNow(why, settings.retryPause());
                yield demands.stream()
                        .collect(
                                Collectors.toMap(
                                        demand -> demand.job().id(),
                                        _ -> notNow,
                                        (a, _) -> a,
                                        LinkedHashMap::new));
            }
        };
    }

    /** Plans for a job as soon as there are machines for it. Returns at once. */
    synchronized void ask(Waiter waiter) {
        waiters.put(waiter.demand().job().id(), waiter);
        nudge();
    }

    /** A job no longer waits. */
    synchronized void forget(JobId id) {
        waiters.remove(id);
    }

    /** Whether anybody waits: then newcomers do too, so that nobody is overtaken. */
    synchronized boolean isAnyoneWaiting() {
        return !waiters.isEmpty();
    }

    /** Serves those who wait, until interrupted. To be called once. */
    void run() throws InterruptedException {
        watchRoom();
        while (true) {
            CompletableFuture<Void> change;
            boolean hasWork;
            synchronized (this) {
                if (nudged.isDone()) {
                    nudged = new CompletableFuture<>();
                }
                change = nudged;
                hasWork = !waiters.isEmpty();
            }
            Deadline deadline = hasWork ? Deadline.after(scheduler, serve()) : Deadline.NEVER;
            try {
                Blocking.on(scheduler, change, deadline);
            } catch (TimeoutException itIsTime) {
                // Pools come back, and lookups succeed again, without anybody saying so.
            }
            // Changes come in floods: to plan for everybody after each would be far more work, and
            // would launch machines one by one.
            scheduler.sleep(GATHERING);
        }
    }

    /** The shard is somebody else's; nobody is to be served any more. */
    synchronized void close() {
        isClosed = true;
    }

    /** One callback at a time, however long nothing changes. */
    private void watchRoom() {
        synchronized (this) {
            if (isClosed) {
                return;
            }
        }
        var _ =
                fleet.whenRoomChanges()
                        .thenRun(
                                () -> {
                                    nudge();
                                    watchRoom();
                                });
    }

    private synchronized void nudge() {
        nudged.complete(null);
    }

    /** Plans for everybody once; returns how long nothing will change by itself. */
    private Duration serve() throws InterruptedException {
        List<Waiter> waiting;
        synchronized (this) {
            waiting = List.copyOf(waiters.values());
        }
        List<Demand> wanted = waiting.stream().map(Waiter::demand).toList();
        Answer<Catalog> answer = catalog(wanted);
        if (answer instanceof Answer.Failed<Catalog>(Failure why)) {
            waiting.forEach(waiter -> waiter.stillWaiting(why));
            return settings.retryPause();
        }
        Catalog catalog = ((Answer.Ok<Catalog>) answer).value();
        List<Waiter> taken = waiting.stream().filter(Waiter::take).toList();
        try {
            return serve(taken, catalog);
        } catch (RuntimeException bug) {
            Failure why = new Failure(Failure.Kind.INTERNAL, "a mistake in Spate: " + bug);
            taken.forEach(waiter -> waiter.stillWaiting(why));
            throw bug;
        }
    }

    private Duration serve(List<Waiter> taken, Catalog catalog) {
        Map<JobId, Plan> plans =
                fleet.plan(shard, taken.stream().map(Waiter::demand).toList(), catalog);
        List<Duration> pauses = new ArrayList<>();
        for (Waiter waiter : taken) {
            JobId id = waiter.demand().job().id();
            switch (Objects.requireNonNull(plans.get(id), "every demand has its plan")) {
                case Plan.NotNow(Failure why, Duration pause) -> {
                    pauses.add(pause);
                    waiter.stillWaiting(why);
                }
                case Plan.Placed placed -> {
                    forget(id);
                    waiter.decided(placed);
                }
                case Plan.Never never -> {
                    forget(id);
                    waiter.decided(never);
                }
            }
        }
        Duration soonest = pauses.stream().min(Duration::compareTo).orElse(settings.retryPause());
        return soonest.compareTo(settings.retryPause()) < 0 ? settings.retryPause() : soonest;
    }

    private Answer<Catalog> catalog(List<Demand> demands) throws InterruptedException {
        Set<String> images = new LinkedHashSet<>();
        Set<String> types = new LinkedHashSet<>();
        demands.stream()
                .map(Demand::job)
                .flatMap(Job::machines)
                .forEach(
                        (MachineSpec spec) -> {
                            images.add(spec.image());
                            types.addAll(spec.types());
                        });
        return fleet.catalog(images, types, Deadline.after(scheduler, settings.callTimeout()));
    }
}
