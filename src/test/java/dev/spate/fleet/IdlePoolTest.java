package dev.spate.fleet;

import static dev.spate.fleet.Samples.SPEC;
import static dev.spate.fleet.Samples.hold;
import static dev.spate.fleet.Samples.launch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Deadline;
import dev.spate.async.FakeScheduler;
import dev.spate.job.MachineId;
import dev.spate.job.Market;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdlePoolTest {

    private final FakeScheduler scheduler = new FakeScheduler();
    private final IdlePool pool = new IdlePool(scheduler);

    @Test
    void givesAMachineOfTheSameShardSpecAndPreparation() {
        pool.add(idle("i-1", 0, "p", 60));

        assertThat(pool.take(1, SPEC, "p")).isEmpty();
        assertThat(pool.take(0, Samples.spec(Market.SPOT, "c7i.large"), "p")).isEmpty();
        assertThat(pool.take(0, SPEC, "")).isEmpty();
        assertThat(pool.take(0, SPEC, "p")).map(IdlePool.Idle::machine).contains(id("i-1"));
        assertThat(pool.take(0, SPEC, "p")).isEmpty();
        assertThat(pool.size()).isZero();
    }

    @Test
    void givesTheOneThatCameLast() {
        pool.add(idle("i-1", 0, "", 10));
        pool.add(idle("i-2", 0, "", 20));

        assertThat(pool.take(0, SPEC, "")).map(IdlePool.Idle::machine).contains(id("i-2"));
    }

    @Test
    void doesNotGiveAMachineWhoseTimeIsUp() {
        pool.add(idle("i-1", 0, "", 10));
        pool.add(idle("i-2", 0, "", 20));

        scheduler.advance(Duration.ofSeconds(10));
        assertThat(machines(pool.takeExpired())).containsExactly("i-1");

        scheduler.advance(Duration.ofSeconds(10));
        assertThat(pool.take(0, SPEC, "")).isEmpty();
        assertThat(machines(pool.takeExpired())).containsExactly("i-2");
    }

    @Test
    void makesRoomWithThoseThatHaveWaitedLongest() {
        pool.add(idle("i-2", 0, "", 20));
        pool.add(idle("i-3", 1, "", 30));
        pool.add(idle("i-1", 0, "x", 10));

        assertThat(machines(pool.takeOldest(-1, Duration.ofDays(1), _ -> true))).isEmpty();
        assertThat(machines(pool.takeOldest(2, Duration.ofDays(1), _ -> true)))
                .containsExactly("i-1", "i-2");
        assertThat(machines(pool.takeOldest(2, Duration.ofDays(1), _ -> true)))
                .containsExactly("i-3");
    }

    @Test
    void forgetsAShardOrAMachine() {
        pool.add(idle("i-1", 0, "", 10));
        pool.add(idle("i-2", 1, "", 10));
        pool.add(idle("i-3", 1, "", 10));

        pool.remove(id("i-3"));
        assertThat(machines(pool.takeAll(0))).containsExactly("i-1");
        assertThat(pool.size()).isEqualTo(1);
    }

    private IdlePool.Idle idle(String machine, int shard, String preparation, int seconds) {
        return new IdlePool.Idle(
                hold(launch(1, shard, 1), machine),
                preparation,
                Deadline.after(scheduler, Duration.ofSeconds(seconds)));
    }

    private static MachineId id(String text) {
        return new MachineId(text);
    }

    private static List<String> machines(List<IdlePool.Idle> all) {
        return all.stream().map(idle -> idle.machine().value()).toList();
    }
}
