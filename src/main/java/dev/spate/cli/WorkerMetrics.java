package dev.spate.cli;

import dev.spate.async.Scheduler;
import dev.spate.engine.Worker;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.Machine;
import dev.spate.job.JobRecord;
import dev.spate.kafka.KafkaJobSource;
import dev.spate.metrics.Gauges;
import dev.spate.metrics.Meters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a worker looks like in numbers. One picture is taken for each scrape, so that its numbers go
 * together and a large worker is looked through once.
 */
final class WorkerMetrics {

    private final Meters meters;
    private volatile Runnable picture = () -> {};
    private volatile Map<String, Long> jobs = Map.of();
    private volatile Map<Machine.State, Long> machines = Map.of();
    private volatile int orphans;
    private volatile Optional<Instant> sweptAt = Optional.empty();
    private volatile Duration oldest = Duration.ZERO;

    WorkerMetrics(Meters meters) {
        this.meters = meters;
    }

    /** There is a worker to look at now. */
    void watch(Worker worker, Fleet fleet, KafkaJobSource source, Scheduler scheduler) {
        Gauges gauges = meters.gauges();
        gauges.jobs(state -> jobs.getOrDefault(state, 0L));
        gauges.machines(state -> machines.getOrDefault(state, 0L));
        gauges.orphanMachines(() -> orphans);
        gauges.lastSweep(() -> sweptAt);
        gauges.oldestJobAge(() -> oldest);
        gauges.prefetchedBatches(source::prefetchedBatches);
        gauges.pausedPartitions(source::pausedPartitions);
        picture =
                () -> {
                    take(worker.snapshot().jobs(), scheduler.now());
                    take(fleet.snapshot());
                };
    }

    /** The metrics of this moment. */
    String scrape() {
        picture.run();
        return meters.scrape();
    }

    private void take(Fleet.Snapshot fleet) {
        machines = fleet.states();
        orphans = fleet.orphans();
        sweptAt = fleet.sweptAt();
    }

    private void take(List<JobRecord> records, Instant now) {
        jobs =
                records.stream()
                        .collect(
                                Collectors.groupingBy(
                                        job -> job.state().word(), Collectors.counting()));
        oldest =
                records.stream()
                        .filter(job -> !job.state().isSettled())
                        .map(JobRecord::publishedAt)
                        .min(Instant::compareTo)
                        .map(since -> Duration.between(since, now))
                        .orElse(Duration.ZERO);
    }
}
