package dev.spate.lab;

import dev.spate.async.Deadline;
import dev.spate.async.SystemScheduler;
import java.time.Duration;
import java.util.List;

/** How long a worker with many running jobs takes to leave, and what it leaves behind. */
final class StopBenchmark implements Benchmark {

    private static final Duration LEAVE_MAX = Duration.ofSeconds(20);
    private static final Duration START_PATIENCE = Duration.ofMinutes(10);

    @Override
    public String name() {
        return "stop";
    }

    @Override
    public String summary() {
        return """
        SIGTERM to a worker whose jobs all run: how long it takes to leave, and that every
                   machine is left alone. --jobs=500""";
    }

    @Override
    public boolean run(Options options) throws Exception {
        options.requireOnly("jobs");
        int jobs = options.value("jobs", 500);
        try (SystemScheduler scheduler = new SystemScheduler();
                JobsStage stage =
                        JobsStage.start(
                                scheduler,
                                List.of("delays=none", "quota.on-demand=100000"),
                                JobsStage.WORKER_HEAP_MEBIBYTES,
                                jobs);
                JobsTraffic traffic = new JobsTraffic(stage.kafka(), scheduler)) {
            for (int i = 0; i < jobs; i++) {
                traffic.publish(List.of("job-" + i), "sleep 3600", false);
            }
            Deadline deadline = Deadline.after(scheduler, START_PATIENCE);
            int running = 0;
            while (running < jobs && !deadline.hasPassed(scheduler)) {
                scheduler.sleep(Duration.ofSeconds(1));
                running = stage.gauges().running();
            }
            WorkerGauges.Reading reading = stage.gauges().read();
            long beganNanos = scheduler.nanoTime();
            stage.worker().terminate();
            while (stage.worker().isAlive()) {
                scheduler.sleep(Duration.ofMillis(10));
            }
            Duration took = Duration.ofNanos(scheduler.nanoTime() - beganNanos);
            int living = stage.history().living();
            boolean isMet = running == jobs && took.compareTo(LEAVE_MAX) <= 0 && living == jobs;
            System.out.printf(
                    "%n%d jobs ran, %d SSH sessions, %d MiB of heap, %d platform threads%n",
                    running, reading.sessions(), reading.heapMebibytes(), reading.threads());
            System.out.printf(
                    "SIGTERM -> gone: %.1f s, exit code %s; machines left alone: %d%n",
                    took.toMillis() / 1e3, stage.worker().exitCode().orElse(-1), living);
            System.out.printf(
                    "target: gone within %d s, all machines left alone: %s%n",
                    LEAVE_MAX.toSeconds(), isMet ? "met" : "MISSED");
            return isMet;
        }
    }
}
