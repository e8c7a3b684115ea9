package dev.spate.simulation;

import static dev.spate.job.SampleJobs.role;

import dev.spate.async.FakeScheduler;
import dev.spate.engine.FakeTopics;
import dev.spate.engine.Incoming;
import dev.spate.engine.RawMessage;
import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.MachineSpec;
import dev.spate.job.Market;
import dev.spate.job.Retries;
import dev.spate.job.Role;
import dev.spate.job.SampleJobs;
import dev.spate.job.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** What people ask for: jobs of all kinds, repeated, contradicted, cancelled, and nonsense. */
final class Traffic {

    /** An image that no cloud has. */
    static final String NO_IMAGE = "no-such-image";

    private static final RawMessage RAW = new RawMessage(null, null, List.of());
    private static final int JOBS_MAX = 6;

    private final FakeScheduler clock;
    private final FakeTopics topics;
    private final SplittableRandom random;
    private final int shards;
    private final Duration time;
    private final boolean isRush;

    /**
     * @param time within which everything is asked for
     */
    Traffic(
            FakeScheduler clock,
            FakeTopics topics,
            SplittableRandom random,
            int shards,
            Duration time) {
        this.clock = clock;
        this.topics = topics;
        this.random = random;
        this.shards = shards;
        this.time = time;
        this.isRush = random.nextBoolean();
    }

    /** Sets out to ask. */
    void begin() {
        int jobs = 1 + random.nextInt(JOBS_MAX);
        for (int number = 1; number <= jobs; number++) {
            ask("job-" + number);
        }
        if (random.nextInt(4) == 0) {
            Optional<JobId> id =
                    random.nextBoolean() ? Optional.of(new JobId("bad-1")) : Optional.empty();
            at(moment(), () -> malformed(random.nextInt(shards), id));
        }
    }

    private void ask(String id) {
        int shard = random.nextInt(shards);
        Job job = draw(id);
        Duration when = moment();
        at(when, () -> submit(shard, job, "hash-" + id));
        switch (random.nextInt(8)) {
            case 0 -> at(when.plus(moment().dividedBy(2)), () -> submit(shard, job, "hash-" + id));
            case 1 -> {
                Job other = other(job);
                at(when.plus(moment().dividedBy(2)), () -> submit(shard, other, "other-" + id));
            }
            case 2, 3 -> at(moment().plus(moment().dividedBy(2)), () -> cancel(shard, id));
            case 4 ->
                    at(
                            when.plus(Duration.ofMillis(1 + random.nextInt(3_000))),
                            () -> malformed(shard, Optional.of(new JobId(id))));
            default -> {}
        }
    }

    /** Another job of the same name. */
    private static Job other(Job job) {
        return SampleJobs.with(
                SampleJobs.plain(job.id().value(), "exit 9"),
                job.timeout(),
                job.patience(),
                job.retries(),
                job.mayReuse());
    }

    private Job draw(String id) {
        Retries retries = new Retries(random.nextInt(3), random.nextInt(3));
        Duration timeout = Duration.ofSeconds(5 + random.nextInt(35));
        Duration patience =
                random.nextInt(4) == 0 ? Duration.ofSeconds(10) : Duration.ofMinutes(30);
        Job job = SampleJobs.of(id, roles(id));
        return SampleJobs.with(job, timeout, patience, retries, random.nextInt(3) != 0);
    }

    private List<Role> roles(String id) {
        MachineSpec machine = machine();
        List<Role> roles = new ArrayList<>();
        Optional<String> setup =
                switch (random.nextInt(10)) {
                    case 0 -> Optional.of("fail");
                    case 1, 2 -> Optional.of("install");
                    default -> Optional.empty();
                };
        if (random.nextInt(5) == 0) {
            roles.add(role("server", 1, true, "echo server\nhang", setup, machine));
            roles.add(role("client", 1 + random.nextInt(2), false, script(id), setup, machine));
        } else {
            roles.add(role("main", 1, false, script(id), setup, machine));
        }
        return roles;
    }

    private MachineSpec machine() {
        String image = random.nextInt(25) == 0 ? NO_IMAGE : SampleJobs.MACHINE.image();
        List<String> types =
                random.nextBoolean() ? List.of("c7i.large") : List.of("c7i.large", "c6i.large");
        Market market = random.nextInt(3) == 0 ? Market.SPOT : Market.ON_DEMAND;
        return new MachineSpec(image, types, market, Optional.empty(), Optional.empty());
    }

    private String script(String id) {
        String begin = "echo " + id + "\nsleep " + (1 + random.nextInt(15)) + "s\n";
        return switch (random.nextInt(8)) {
            case 0 -> begin + "exit " + (1 + random.nextInt(3));
            case 1 -> begin + "hang";
            case 2 -> "echo quick\nexit 0";
            default -> begin + "exit 0";
        };
    }

    private void submit(int shard, Job job, String contentHash) {
        topics.publish(
                shard,
                new Incoming.Submitted(
                        topics.nextOffset(shard), job, contentHash, Trace.NONE, clock.now(), RAW));
    }

    private void cancel(int shard, String id) {
        topics.publish(shard, new Incoming.Cancelled(topics.nextOffset(shard), new JobId(id)));
    }

    private void malformed(int shard, Optional<JobId> id) {
        topics.publish(
                shard,
                new Incoming.Malformed(
                        topics.nextOffset(shard),
                        id,
                        Failure.Kind.INVALID,
                        List.of("nonsense"),
                        RAW,
                        Trace.NONE,
                        clock.now()));
    }

    /** Some moment; in a rush early rather than late. */
    private Duration moment() {
        double part = random.nextDouble() * (isRush ? random.nextDouble() : 1);
        return Duration.ofMillis((long) (time.toMillis() * part));
    }

    private void at(Duration when, Runnable what) {
        clock.schedule(when, what);
    }
}
