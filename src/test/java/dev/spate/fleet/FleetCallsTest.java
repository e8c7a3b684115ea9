package dev.spate.fleet;

import static dev.spate.fleet.Samples.demand;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Deadline;
import dev.spate.async.FakeScheduler;
import dev.spate.job.Answer;
import dev.spate.job.Hold;
import dev.spate.job.JobId;
import dev.spate.job.Seat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many calls to the cloud a flood of jobs costs. */
class FleetCallsTest {

    private static final int SHARDS = 6;
    private static final int JOBS = 1_000;
    private static final int BATCH = 100;

    private final FakeScheduler scheduler = new FakeScheduler();
    private final Random random = new Random(1);
    private final FakeCloud cloud = new FakeCloud(scheduler, random);
    private int ended;

    @ParameterizedTest
    @CsvSource({"true, 60", "true, 0", "false, 60", "false, 0"})
    void aThousandJobsCostAtMostSixtyCalls(boolean hasAddressAtOnce, int idleSeconds)
            throws Exception {
        cloud.boot(Duration.ZERO, Duration.ZERO).addressAtOnce(hasAddressAtOnce);
        Fleet fleet =
                new Fleet(
                        Samples.settings()
                                .machinesMax(JOBS)
                                .idleTime(Duration.ofSeconds(idleSeconds))
                                .build(),
                        cloud,
                        new OpenDoor(),
                        new FakeKeys(),
                        scheduler,
                        random,
                        FleetEvents.NONE);
        for (int shard = 0; shard < SHARDS; shard++) {
            int number = shard;
            fleet.open(shard, FakeOwnership.CONFIRMED);
            scheduler.start("shard-" + shard, () -> shard(fleet, number));
        }

        scheduler.runUntil(() -> ended == JOBS, Duration.ofMinutes(1));
        scheduler.runUntil(() -> cloud.there().isEmpty(), Duration.ofMinutes(3));
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(fleet.snapshot().states()).isEmpty();
        assertThat(cloud.calls()).isLessThanOrEqualTo(60);
    }

    private Void shard(Fleet fleet, int shard) throws Exception {
        int first = shard * JOBS / SHARDS;
        int last = (shard + 1) * JOBS / SHARDS;
        for (int from = first; from < last; from += BATCH) {
            List<Demand> demands =
                    IntStream.range(from, Math.min(last, from + BATCH))
                            .mapToObj(i -> demand("job-" + i))
                            .toList();
            fleet.catalog(
                    Set.of("ubuntu-24.04"),
                    Set.of("c7i.large"),
                    Deadline.after(scheduler, Duration.ofMinutes(1)));
            Map<JobId, Plan> plans = fleet.plan(shard, demands, Samples.CATALOG);
            for (Demand demand : demands) {
                if (!(plans.get(demand.job().id()) instanceof Plan.Placed placed)) {
                    throw new AssertionError(plans);
                }
                scheduler.start("job-" + demand.job().id(), () -> job(fleet, placed));
            }
            scheduler.sleep(Duration.ofMillis(random.nextInt(300)));
        }
        return null;
    }

    private Void job(Fleet fleet, Plan.Placed placed) throws Exception {
        List<Hold> holds = new ArrayList<>(placed.reused());
        for (Seat seat : placed.seats()) {
            if (scheduler.await(fleet.launch(seat.launch()), Deadline.NEVER)
                    instanceof Answer.Ok<List<Machine>>(List<Machine> machines)) {
                holds.add(seat.on(machines.get(seat.index()).id(), scheduler.now()));
            }
        }
        Hold hold = holds.getFirst();
        CompletableFuture<Machine> gone = fleet.whenGone(hold.machine());
        assertThat(fleet.reach(hold, Deadline.after(scheduler, Duration.ofMinutes(1))))
                .isInstanceOf(Answer.Ok.class);
        // Setting up, one line, and collecting, on a busy machine.
        scheduler.sleep(Duration.ofMillis(500 + random.nextInt(3_000)));
        gone.cancel(false);
        fleet.giveBack(hold, "");
        ended++;
        return null;
    }

    private static final class OpenDoor implements Shells {
        @Override
        public Answer<Shell> connect(Target target, Deadline deadline) {
            return Answer.ok(new BareShell());
        }

        @Override
        public void close() {}
    }
}
