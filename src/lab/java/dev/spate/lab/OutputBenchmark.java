package dev.spate.lab;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.async.SystemScheduler;
import dev.spate.job.Captured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** One job writes far more than anybody wants to read, while others go on. */
final class OutputBenchmark implements Benchmark {

    private static final int HEAP_MEBIBYTES = 256;
    private static final int MACHINES_MAX = 10;
    private static final int WARM_UP = 20;
    private static final double RATIO_MAX = 1.10;
    private static final long GIGABYTE = 1_000_000_000L;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Override
    public String name() {
        return "output";
    }

    @Override
    public String summary() {
        return """
        one job writes 10 GB over real SSH while short ones run: their times with and without,
                   what is told of the output, the worker's heap. --gigabytes=10 --jobs=50""";
    }

    @Override
    public boolean run(Options options) throws Exception {
        options.requireOnly("gigabytes", "jobs");
        long bytes = options.value("gigabytes", 10) * GIGABYTE;
        int jobs = options.value("jobs", 50);
        try (SystemScheduler scheduler = new SystemScheduler();
                JobsStage stage =
                        JobsStage.start(
                                scheduler, List.of("delays=none"), HEAP_MEBIBYTES, MACHINES_MAX);
                JobsTraffic traffic = new JobsTraffic(stage.kafka(), scheduler)) {
            return new Flood(scheduler, stage, traffic, bytes, jobs).run();
        }
    }

    /** The measurement itself. */
    private record Flood(
            Scheduler scheduler, JobsStage stage, JobsTraffic traffic, long bytes, int jobs) {

        boolean run() throws Exception {
            shortJobs("warm", WARM_UP, Optional.empty());
            Spans alone = shortJobs("alone", jobs, Optional.empty());
            // The same bytes written by somebody whom no worker watches: what the disk and the
            // cores
            // of this machine cost the others.
            Spans unwatched;
            Path control = stage.data().resolve("unwatched");
            Process writer =
                    new ProcessBuilder("head", "-c", Long.toString(bytes), "/dev/zero")
                            .redirectOutput(control.toFile())
                            .start();
            try {
                unwatched = shortJobs("unwatched", jobs, Optional.empty());
            } finally {
                writer.destroyForcibly().waitFor();
            }
            Files.delete(control);
            return watched(alone, unwatched);
        }

        private boolean watched(Spans alone, Spans unwatched) throws Exception {
            AtomicReference<WorkerGauges.Reading> most =
                    new AtomicReference<>(WorkerGauges.Reading.NOTHING);
            Scheduler.Task<Boolean> gauging =
                    scheduler.start(
                            "gauges",
                            () -> {
                                while (true) {
                                    most.set(most.get().max(stage.gauges().read()));
                                    scheduler.sleep(Duration.ofMillis(200));
                                }
                            });
            long beganNanos = scheduler.nanoTime();
            AtomicReference<JobsTraffic.Arrival> flood = new AtomicReference<>();
            traffic.publish(List.of("flood"), "head -c " + bytes + " /dev/zero; echo end", false);
            while (stage.gauges().running() == 0) {
                scheduler.sleep(Duration.ofMillis(50));
            }
            Spans watched = shortJobs("watched", jobs, Optional.of(flood));
            boolean hasOutlasted = flood.get() == null;
            while (flood.get() == null) {
                traffic.poll(Duration.ofMillis(100)).forEach(flood::set);
            }
            Duration took = Duration.ofNanos(scheduler.nanoTime() - beganNanos);
            gauging.cancel();
            return report(alone, unwatched, watched, flood.get(), hasOutlasted, took, most.get());
        }

        private boolean report(
                Spans alone,
                Spans unwatched,
                Spans watched,
                JobsTraffic.Arrival flood,
                boolean hasOutlasted,
                Duration took,
                WorkerGauges.Reading most) {
            Captured out = flood.result().members().getFirst().out();
            boolean isTrue =
                    out.bytes() == bytes + "end\n".length()
                            && out.isTruncated()
                            && out.tail().endsWith("\0end\n");
            double ratio = watched.millis(50) / unwatched.millis(50);
            System.out.printf(
                    "%nshort jobs, %d each, published -> result readable, ms  p50      p99%n",
                    jobs);
            System.out.println(alone.line("alone"));
            System.out.println(unwatched.line("beside the same flood, not watched"));
            System.out.println(watched.line("beside a job that floods its output"));
            System.out.printf(
                    "the flood: %d bytes told (%s), %s, took %.1f s%s%n",
                    out.bytes(),
                    isTrue ? "right, head and tail too" : "WRONG",
                    flood.result().outcome().word(),
                    took.toMillis() / 1e3,
                    hasOutlasted ? "" : "; it ended before the others");
            System.out.printf(
                    "worker: heap %d MiB at most, garbage included, of -Xmx%dm; live %d MiB%n",
                    most.heapMebibytes(), HEAP_MEBIBYTES, most.liveMebibytes());
            boolean isMet = isTrue && ratio <= RATIO_MAX;
            System.out.printf(
                    "target: watched / not watched, p50 <= %.2f: %.2f: %s%n",
                    RATIO_MAX, ratio, isMet ? "met" : "MISSED");
            return isMet;
        }

        /** One after the other, on machines that are used again. */
        private Spans shortJobs(
                String name, int count, Optional<AtomicReference<JobsTraffic.Arrival>> other)
                throws IOException {
            Spans spans = new Spans();
            for (int i = 0; i < count; i++) {
                String id = name + "-" + i;
                traffic.publish(List.of(id), true);
                JobsTraffic.Arrival arrival = await(id, other);
                spans.add(arrival.result().publishedAt(), arrival.at());
            }
            return spans;
        }

        private JobsTraffic.Arrival await(
                String id, Optional<AtomicReference<JobsTraffic.Arrival>> other)
                throws IOException {
            Deadline deadline = Deadline.after(scheduler, PATIENCE);
            while (!deadline.hasPassed(scheduler)) {
                List<JobsTraffic.Arrival> mine = new ArrayList<>();
                for (JobsTraffic.Arrival arrival : traffic.poll(Duration.ofMillis(100))) {
                    if (arrival.result().id().value().equals(id)) {
                        mine.add(arrival);
                    } else {
                        other.ifPresent(reference -> reference.set(arrival));
                    }
                }
                if (!mine.isEmpty()) {
                    return mine.getFirst();
                }
            }
            throw new IOException("no result of " + id + " within " + PATIENCE);
        }
    }
}
