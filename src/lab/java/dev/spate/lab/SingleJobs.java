package dev.spate.lab;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One job after the other on an idle system, each on a new machine: where the time goes. */
final class SingleJobs {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final double MILLIS_TO_COMMAND_MAX = 250;

    /** The first jobs of a JVM tell more of its compiler than of the path. */
    private static final int WARM_UP = 3;

    private final Scheduler scheduler;
    private final JobsStage stage;
    private final JobsTraffic traffic;

    SingleJobs(Scheduler scheduler, JobsStage stage, JobsTraffic traffic) {
        this.scheduler = scheduler;
        this.stage = stage;
        this.traffic = traffic;
    }

    boolean run(String title, int jobs) throws IOException, InterruptedException {
        List<JobsTraffic.Arrival> arrivals = new ArrayList<>();
        for (int i = 0; i < WARM_UP + jobs; i++) {
            traffic.publish(List.of("single-" + i), false);
            JobsTraffic.Arrival arrival = one();
            if (arrival.result().outcome() != Outcome.SUCCEEDED) {
                throw new IOException(JobsTraffic.describe(arrival.result()));
            }
            arrivals.add(arrival);
            scheduler.sleep(PAUSE);
        }
        return report(title, arrivals.subList(WARM_UP, arrivals.size()));
    }

    private JobsTraffic.Arrival one() throws IOException {
        Deadline deadline = Deadline.after(scheduler, PATIENCE);
        while (!deadline.hasPassed(scheduler)) {
            List<JobsTraffic.Arrival> arrivals = traffic.poll(Duration.ofMillis(100));
            if (!arrivals.isEmpty()) {
                return arrivals.getFirst();
            }
        }
        throw new IOException("no result within " + PATIENCE);
    }

    private boolean report(String title, List<JobsTraffic.Arrival> arrivals) throws IOException {
        CloudHistory history = stage.history();
        Spans toLaunch = new Spans();
        Spans toSshd = new Spans();
        Spans toCommand = new Spans();
        Spans toSettled = new Spans();
        Spans toReader = new Spans();
        Spans all = new Spans();
        for (JobsTraffic.Arrival arrival : arrivals) {
            Instant published = arrival.result().publishedAt();
            Instant launched = Objects.requireNonNull(history.launchedAt().get(arrival.machine()));
            Instant sshd = Objects.requireNonNull(history.sshdAt().get(arrival.machine()));
            Instant command = arrival.commandStartedAt();
            toLaunch.add(published, launched);
            toSshd.add(launched, sshd);
            toCommand.add(sshd, command);
            toSettled.add(command, arrival.result().settledAt());
            toReader.add(arrival.result().settledAt(), arrival.at());
            all.add(published, arrival.at());
        }
        boolean isMet = toCommand.millis(50) <= MILLIS_TO_COMMAND_MAX;
        System.out.printf("%n%d single jobs, %s, ms%27s      p99%n", arrivals.size(), title, "p50");
        System.out.println(toLaunch.line("published -> machine launched"));
        System.out.println(toSshd.line("machine launched -> its port 22 open"));
        System.out.println(toCommand.line("port 22 open -> command started"));
        System.out.println(toSettled.line("command started -> result made"));
        System.out.println(toReader.line("result made -> readable"));
        System.out.println(all.line("published -> result readable"));
        System.out.printf(
                "target: port 22 open -> command started, p50 <= %.0f ms: %s%n",
                MILLIS_TO_COMMAND_MAX, isMet ? "met" : "MISSED");
        return isMet;
    }
}
