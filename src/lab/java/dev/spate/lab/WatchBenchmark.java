package dev.spate.lab;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.async.SystemScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What it costs the jobs that many look on: the same flood of jobs, watched and not, in turn.
 *
 * <p>The jobs take a while and have few machines, so that those are the limit and not this
 * computer, which broker, cloud, machines and watchers share with the worker.
 */
final class WatchBenchmark implements Benchmark {

    private static final double RATIO_MIN = 0.95;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration SETTLING = Duration.ofSeconds(3);
    private static final int MACHINES_MAX = 12;
    private static final String RUN = "sleep 1.5";

    @Override
    public String name() {
        return "watch";
    }

    @Override
    public String summary() {
        return """
        jobs a second of one worker while 200 scrape its metrics once a second each and 100
                   listen to its events, against none of them, in turn. --jobs=150 --rounds=3
                   --scrapers=200 --streams=100""";
    }

    @Override
    public boolean run(Options options) throws Exception {
        options.requireOnly("jobs", "rounds", "scrapers", "streams");
        int jobs = options.value("jobs", 150);
        int rounds = options.value("rounds", 3);
        int scrapers = options.value("scrapers", 200);
        int streams = options.value("streams", 100);
        try (SystemScheduler scheduler = new SystemScheduler();
                JobsStage stage =
                        JobsStage.start(
                                scheduler,
                                List.of("delays=none"),
                                JobsStage.WORKER_HEAP_MEBIBYTES,
                                MACHINES_MAX);
                JobsTraffic traffic = new JobsTraffic(stage.kafka(), scheduler)) {
            Rounds all = new Rounds(scheduler, stage, traffic, jobs);
            all.round("warm-up");
            List<Double> alone = new ArrayList<>();
            List<Double> watched = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                alone.add(all.round("not watched"));
                try (Watchers watchers =
                        new Watchers(scheduler, stage.gauges().port(), scrapers, streams)) {
                    scheduler.sleep(SETTLING);
                    watched.add(all.round("watched"));
                    System.out.printf(
                            "  %,d scrapes, %,d KiB of events, %d failures%n",
                            watchers.scrapes(), watchers.eventBytes() / 1_024, watchers.failures());
                }
            }
            double ratio = median(watched) / median(alone);
            boolean isMet = ratio >= RATIO_MIN;
            System.out.printf(
                    "target: jobs a second with %d scrapes a second and %d streams / without,"
                            + " medians, >= %.2f: %.2f: %s%n",
                    scrapers, streams, RATIO_MIN, ratio, isMet ? "met" : "MISSED");
            return isMet;
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    /** Floods of jobs, one after the other. */
    private static final class Rounds {

        private final Scheduler scheduler;
        private final JobsStage stage;
        private final JobsTraffic traffic;
        private final int jobs;
        private int number;

        Rounds(Scheduler scheduler, JobsStage stage, JobsTraffic traffic, int jobs) {
            this.scheduler = scheduler;
            this.stage = stage;
            this.traffic = traffic;
            this.jobs = jobs;
        }

        /** Jobs a second, from publishing to the last result. */
        double round(String title) throws IOException, InterruptedException {
            number++;
            Duration cpu = stage.worker().cpuTime();
            long beganNanos = scheduler.nanoTime();
            traffic.publish(
                    IntStream.range(0, jobs).mapToObj(i -> "watch-" + number + "-" + i).toList(),
                    RUN,
                    true);
            Deadline deadline = Deadline.after(scheduler, PATIENCE);
            Set<String> seen = new HashSet<>();
            while (seen.size() < jobs) {
                if (deadline.hasPassed(scheduler)) {
                    throw new IOException(
                            "%d of %d results within %s".formatted(seen.size(), jobs, PATIENCE));
                }
                traffic.poll(Duration.ofMillis(100))
                        .forEach(arrival -> seen.add(arrival.result().id().value()));
            }
            double seconds = (scheduler.nanoTime() - beganNanos) / 1e9;
            double perSecond = jobs / seconds;
            System.out.printf(
                    "%-12s %,d jobs in %.1f s: %.1f a second; worker %.1f s of CPU%n",
                    title,
                    jobs,
                    seconds,
                    perSecond,
                    stage.worker().cpuTime().minus(cpu).toMillis() / 1e3);
            return perSecond;
        }
    }
}
