package dev.spate.lab;

import dev.spate.async.SystemScheduler;
import java.util.List;

/** The whole path: a job message in, a result out, through broker, worker and simulated cloud. */
final class JobsBenchmark implements Benchmark {

    @Override
    public String name() {
        return "jobs";
    }

    @Override
    public String summary() {
        return """
        single jobs on an idle system, then many at once: all settled, EC2 calls, worker heap,
                   time to the command, phases. --jobs=1000 --singles=40""";
    }

    @Override
    public boolean run(Options options) throws Exception {
        options.requireOnly("jobs", "singles");
        int jobs = options.value("jobs", 1_000);
        int singles = options.value("singles", 40);
        System.out.printf(
                "broker, cloud and worker in JVMs of their own, worker -Xmx%dm, JDK %s, %d cores%n",
                JobsStage.WORKER_HEAP_MEBIBYTES,
                Runtime.version(),
                Runtime.getRuntime().availableProcessors());
        boolean isMet;
        try (SystemScheduler scheduler = new SystemScheduler()) {
            try (JobsStage slow =
                            JobsStage.start(scheduler, List.of("delays=none", "delays.boot=1s"));
                    JobsTraffic traffic = new JobsTraffic(slow.kafka(), scheduler)) {
                isMet = new SingleJobs(scheduler, slow, traffic).run("boot takes 1 s", singles);
            }
            try (JobsStage quick = JobsStage.start(scheduler, List.of("delays=none"));
                    JobsTraffic traffic = new JobsTraffic(quick.kafka(), scheduler)) {
                isMet &= new SingleJobs(scheduler, quick, traffic).run("no boot delay", singles);
                isMet &= new JobFlood(scheduler, quick, traffic).run(jobs);
            }
        }
        return isMet;
    }
}
