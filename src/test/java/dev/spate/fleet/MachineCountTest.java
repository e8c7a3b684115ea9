package dev.spate.fleet;

import static dev.spate.fleet.Samples.launch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.Launch;
import dev.spate.job.MachineId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MachineCountTest {

    private final MachineCount count = new MachineCount(10);

    @Test
    void countsOnlyWhatCameOfALaunch() {
        Launch launch = launch(1, 8);
        count.ask(launch);
        assertThat(count.free()).isEqualTo(2);

        assertThat(count.answered(launch, machines(3, Machine.State.PENDING))).isTrue();

        assertThat(count.free()).isEqualTo(7);
    }

    @Test
    void doesNotCountMachinesThatAreGone() {
        Launch launch = launch(1, 8);
        count.ask(launch);

        count.answered(launch, machines(3, Machine.State.GONE));

        assertThat(count.inUse()).isZero();
    }

    @Test
    void countsAMachineOnceWhenItsLaunchIsMadeAgainAfterATakeover() {
        Launch launch = launch(1, 2);
        count.ask(launch);
        count.hold(new MachineId("i-0"), 0);

        count.answered(launch, machines(2, Machine.State.RUNNING));

        assertThat(count.inUse()).isEqualTo(2);
    }

    @Test
    void hasNoRoomWhenMoreWasTakenOverThanItMayHave() {
        IntStream.range(0, 12).forEach(i -> count.hold(new MachineId("i-" + i), 0));

        assertThat(count.free()).isZero();
    }

    @Test
    void forgetsTheMachinesAndLaunchesOfADroppedShard() {
        Launch theirs = launch(1, 3, 4);
        count.ask(theirs);
        count.ask(launch(2, 5, 1));
        count.hold(new MachineId("i-3"), 3);
        count.hold(new MachineId("i-5"), 5);

        assertThat(count.drop(3)).containsExactly(new MachineId("i-3"));

        assertThat(count.inUse()).isEqualTo(2);
        assertThat(count.answered(theirs, machines(4, Machine.State.PENDING))).isFalse();
        assertThat(count.inUse()).isEqualTo(2);
    }

    @Test
    void aMachineIsGoneOnce() {
        count.hold(new MachineId("i-1"), 0);

        assertThat(count.gone(new MachineId("i-1"))).isTrue();
        assertThat(count.gone(new MachineId("i-1"))).isFalse();
        assertThat(count.free()).isEqualTo(10);
    }

    private static List<Machine> machines(int number, Machine.State state) {
        return IntStream.range(0, number)
                .mapToObj(
                        i ->
                                new Machine(
                                        new MachineId("i-" + i),
                                        Optional.empty(),
                                        i,
                                        OptionalInt.empty(),
                                        state,
                                        Optional.empty(),
                                        Samples.POOL,
                                        Samples.NOON,
                                        Optional.empty(),
                                        Optional.empty()))
                .toList();
    }
}
