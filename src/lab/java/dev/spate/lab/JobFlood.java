package dev.spate.lab;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.JobId;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Many equal jobs at once: whether all come back, what that costs, and where the time goes. */
final class JobFlood {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration GONE_PATIENCE = Duration.ofMinutes(3);
    private static final Duration DUPLICATES_WAIT = Duration.ofSeconds(2);

    /** Whoever measures is not to be what is measured: a page of metrics takes its time, too. */
    private static final Duration READING_PAUSE = Duration.ofSeconds(2);

    private static final int CALLS_MAX = 60;

    private final Scheduler scheduler;
    private final JobsStage stage;
    private final JobsTraffic traffic;
    private WorkerGauges.Reading peak = WorkerGauges.Reading.NOTHING;

    JobFlood(Scheduler scheduler, JobsStage stage, JobsTraffic traffic) {
        this.scheduler = scheduler;
        this.stage = stage;
        this.traffic = traffic;
    }

    boolean run(int jobs) throws IOException, InterruptedException {
        awaitNoMachines();
        CloudHistory before = stage.history();
        Duration workerCpu = stage.worker().cpuTime();
        Duration cloudCpu = stage.cloud().cpuTime();
        long beganNanos = scheduler.nanoTime();
        traffic.publish(IntStream.range(0, jobs).mapToObj(i -> "flood-" + i).toList(), true);
        List<JobsTraffic.Arrival> arrivals = collect(jobs);
        Duration took = Duration.ofNanos(scheduler.nanoTime() - beganNanos);
        workerCpu = stage.worker().cpuTime().minus(workerCpu);
        cloudCpu = stage.cloud().cpuTime().minus(cloudCpu);
        CloudHistory settled = stage.history();
        awaitNoMachines();
        CloudHistory after = stage.history();
        phases(arrivals, jobs);
        return verdict(
                arrivals,
                jobs,
                took,
                workerCpu,
                cloudCpu,
                settled.callsSince(before),
                after.callsSince(before));
    }

    /** Every result, in the order of arrival, and those that come once too often. */
    private List<JobsTraffic.Arrival> collect(int jobs) throws InterruptedException {
        Deadline deadline = Deadline.after(scheduler, PATIENCE);
        List<JobsTraffic.Arrival> arrivals = new ArrayList<>();
        Set<JobId> seen = new HashSet<>();
        Deadline nextReading = Deadline.after(scheduler, READING_PAUSE);
        while (seen.size() < jobs && !deadline.hasPassed(scheduler)) {
            List<JobsTraffic.Arrival> more = traffic.poll(Duration.ofMillis(200));
            more.forEach(arrival -> seen.add(arrival.result().id()));
            arrivals.addAll(more);
            if (nextReading.hasPassed(scheduler)) {
                peak = peak.max(stage.gauges().read());
                nextReading = Deadline.after(scheduler, READING_PAUSE);
            }
        }
        return arrivals;
    }

    /** The machines wait for another job for a while, and are then ended. */
    private void awaitNoMachines() throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(scheduler, GONE_PATIENCE);
        while (stage.history().living() > 0 && !deadline.hasPassed(scheduler)) {
            scheduler.sleep(Duration.ofSeconds(1));
        }
    }

    private static void phases(List<JobsTraffic.Arrival> arrivals, int jobs) {
        Map<Phase, Spans> phases = new EnumMap<>(Phase.class);
        Spans toReader = new Spans();
        Spans all = new Spans();
        for (JobsTraffic.Arrival arrival : arrivals) {
            arrival.result()
                    .phases()
                    .forEach(
                            (phase, took) ->
                                    phases.computeIfAbsent(phase, _ -> new Spans()).add(took));
            toReader.add(arrival.result().settledAt(), arrival.at());
            all.add(arrival.result().publishedAt(), arrival.at());
        }
        System.out.printf("%n%,d jobs at once, ms%38s      p99%n", jobs, "p50");
        for (Phase phase : Phase.values()) {
            System.out.println(phases.getOrDefault(phase, new Spans()).line(phase.word()));
        }
        System.out.println(toReader.line("result made -> readable"));
        System.out.println(all.line("published -> result readable"));
    }

    private boolean verdict(
            List<JobsTraffic.Arrival> arrivals,
            int jobs,
            Duration took,
            Duration workerCpu,
            Duration cloudCpu,
            Map<String, Integer> callsToSettle,
            Map<String, Integer> callsInAll) {
        List<JobsTraffic.Arrival> all = new ArrayList<>(arrivals);
        all.addAll(traffic.poll(DUPLICATES_WAIT));
        long distinct = all.stream().map(arrival -> arrival.result().id()).distinct().count();
        List<JobsTraffic.Arrival> failed =
                all.stream()
                        .filter(arrival -> arrival.result().outcome() != Outcome.SUCCEEDED)
                        .sorted(Comparator.comparing(arrival -> arrival.result().id()))
                        .toList();
        failed.stream()
                .limit(5)
                .forEach(arrival -> System.out.println(JobsTraffic.describe(arrival.result())));
        int calls = callsInAll.values().stream().mapToInt(Integer::intValue).sum();
        int atMost = Math.max(peak.heapMebibytes(), peak.liveMebibytes());
        System.out.printf(
                """

                %.1f jobs/s (%.1f s), %d machines, worker %.1f s of CPU, cloud %.1f s without its processes
                EC2 calls until all were settled %s
                EC2 calls until all machines were gone %s
                worker: heap at most %d MiB (%d live), %d platform threads, %d SSH sessions
                """,
                jobs * 1e9 / took.toNanos(),
                took.toMillis() / 1e3,
                all.stream().map(JobsTraffic.Arrival::machine).distinct().count(),
                workerCpu.toMillis() / 1e3,
                cloudCpu.toMillis() / 1e3,
                callsToSettle,
                callsInAll,
                peak.heapMebibytes(),
                peak.liveMebibytes(),
                peak.threads(),
                peak.sessions());
        boolean isMet = true;
        isMet &=
                target(
                        "every job has a result (%d of %d)".formatted(distinct, jobs),
                        distinct == jobs);
        isMet &=
                target(
                        "none has two (%d too many)".formatted(all.size() - distinct),
                        all.size() == distinct);
        isMet &= target("all succeeded (%d did not)".formatted(failed.size()), failed.isEmpty());
        isMet &= target("EC2 calls <= %d (%d)".formatted(CALLS_MAX, calls), calls <= CALLS_MAX);
        isMet &=
                target(
                        "worker heap <= %d MiB (%d)"
                                .formatted(JobsStage.WORKER_HEAP_MEBIBYTES, atMost),
                        atMost <= JobsStage.WORKER_HEAP_MEBIBYTES);
        return isMet;
    }

    private static boolean target(String what, boolean isMet) {
        System.out.printf("target: %s: %s%n", what, isMet ? "met" : "MISSED");
        return isMet;
    }
}
