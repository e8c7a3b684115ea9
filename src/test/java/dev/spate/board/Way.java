package dev.spate.board;

import dev.spate.job.Ending;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.InputFile;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.Market;
import dev.spate.job.Member;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import dev.spate.job.Pool;
import dev.spate.job.RelativePath;
import dev.spate.job.Retries;
import dev.spate.job.Role;
import dev.spate.job.RoleName;
import dev.spate.job.SampleJobs;
import dev.spate.job.Seat;
import dev.spate.job.Spent;
import dev.spate.job.Trace;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The way of one job: its records, each made from the one before. */
public final class Way {

    static final String SECRET = "value-nobody-may-see";
    static final String CONTENT = "content-nobody-may-see";

    private static final Member MAIN = new Member(new RoleName("main"), 0);

    private final List<JobRecord> records = new ArrayList<>();
    private final Instant start;

    private Way(JobRecord first, Instant start) {
        records.add(first);
        this.start = start;
    }

    /** A job of a profile that waits for a machine. */
    public static Way waiting(String id, String profile, Instant start) {
        return of(job(id, profile, "make check", 1), start);
    }

    static Way waiting(String id, Instant start) {
        return waiting(id, "default", start);
    }

    static Way of(Job job, Instant start) {
        return new Way(
                new JobRecord(
                        job,
                        "0".repeat(64),
                        Trace.NONE,
                        start,
                        1,
                        false,
                        new JobState.Waiting(1, start, new Failure(Failure.Kind.CAPACITY, "none")),
                        Spent.NOTHING,
                        Map.of()),
                start);
    }

    /** A job whose message is about as long as one likes. */
    public static Job job(String id, String profile, String run, int variables) {
        TreeMap<String, String> env = new TreeMap<>();
        for (int i = 0; i < variables; i++) {
            env.put("TOKEN_" + i, SECRET);
        }
        return new Job(
                new JobId(id),
                profile,
                List.of(
                        new Role(
                                new RoleName("main"),
                                1,
                                false,
                                SampleJobs.MACHINE,
                                Optional.of("apt-get install -y make"),
                                run,
                                env,
                                List.of(new InputFile(new RelativePath("in.txt"), CONTENT, false)),
                                List.of(new RelativePath("out.csv")))),
                Duration.ofMinutes(10),
                Duration.ofHours(1),
                new Retries(2, 0),
                true,
                true);
    }

    /** All of it, from waiting to released. */
    public static Way whole(String id, String profile, Instant start) {
        return waiting(id, profile, start)
                .launch()
                .prepare()
                .run()
                .settle(Outcome.SUCCEEDED)
                .release();
    }

    /** All of it in eleven records, because the first machine is lost. */
    public static Way twice(Job job, Instant start) {
        return of(job, start)
                .launch()
                .prepare()
                .run()
                .retreat()
                .await()
                .launch()
                .prepare()
                .run()
                .settle(Outcome.SUCCEEDED)
                .release();
    }

    Way launch() {
        var waiting = (JobState.Waiting) last().state();
        return add(waiting.launch(List.of(new Seat(MAIN, launchOf(), 0)), List.of()), Phase.QUEUED);
    }

    Way prepare() {
        var launching = (JobState.Launching) last().state();
        return add(launching.prepare(List.of(hold())), Phase.LAUNCH);
    }

    Way run() {
        return add(((JobState.Preparing) last().state()).run(start), Phase.BOOT);
    }

    Way retreat() {
        return add(
                ((JobState.Running) last().state())
                        .retreat(new Failure(Failure.Kind.LOST, "the machine is gone")),
                Phase.RUN);
    }

    Way await() {
        return add(((JobState.Retreating) last().state()).await(start), Phase.RUN);
    }

    Way settle(Outcome outcome) {
        Optional<Failure> error =
                outcome == Outcome.SUCCEEDED
                        ? Optional.empty()
                        : Optional.of(new Failure(Failure.Kind.JOB, "main-0 exited with 3"));
        OptionalInt code = OptionalInt.of(outcome == Outcome.SUCCEEDED ? 0 : 3);
        Ending ending =
                new Ending(
                        outcome,
                        error,
                        code,
                        Optional.of(start),
                        List.of(new Ending.MemberEnding(MAIN, machine(), launchOf().pool(), code)));
        JobRecord spent =
                last().with(
                                last().spent()
                                        .plusMachine(
                                                Duration.ofSeconds(90), new BigDecimal("0.01")));
        records.add(
                spent.with(Phase.RUN, Duration.ofSeconds(2))
                        .to(
                                ((JobState.Open) last().state())
                                        .settle(ending, start, last().state().machines())));
        return this;
    }

    Way release() {
        return add(((JobState.Settled) last().state()).release());
    }

    Way cancel() {
        records.add(last().cancelled());
        return this;
    }

    JobRecord last() {
        return records.getLast();
    }

    public List<JobRecord> records() {
        return List.copyOf(records);
    }

    private Way add(JobState next, Phase... done) {
        JobRecord record = last();
        for (Phase phase : done) {
            record = record.with(phase, Duration.ofSeconds(2));
        }
        records.add(record.to(next));
        return this;
    }

    private Hold hold() {
        return new Hold(MAIN, launchOf(), machine(), start);
    }

    private MachineId machine() {
        return new MachineId("i-" + Integer.toHexString(last().id().hashCode()));
    }

    private Launch launchOf() {
        return new Launch(
                new LaunchToken("a".repeat(64)),
                0,
                SampleJobs.MACHINE,
                "ami-1",
                new Pool(Market.SPOT, "c7i.large", Optional.of("eu-west-1a")),
                1,
                Duration.ofHours(2),
                start.plus(Duration.ofHours(2)),
                Optional.of(new BigDecimal("0.04")));
    }
}
