package dev.spate.simulation;

import dev.spate.fleet.FakeGroundEvent;
import dev.spate.fleet.RunKey;
import dev.spate.job.Hold;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import dev.spate.job.MachineId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A run is started while its job is being prepared, in that attempt, on that machine. */
final class RightfulStarts extends Check {

    RightfulStarts(Facts facts, Consumer<Breach> judge) {
        super(Promise.RIGHTFUL_STARTS, facts, judge);
    }

    @Override
    void see(Event event) {
        if (event
                instanceof
                Event.OnGround(
                        FakeGroundEvent.Started(_, String by, MachineId machine, RunKey key))) {
            @Nullable JobRecord record = facts.record(key.job());
            expect(
                    record != null && isItsTurn(record.state(), machine, key),
                    "%s starts %s on %s, while the job is %s"
                            .formatted(
                                    by,
                                    key,
                                    machine,
                                    record == null
                                            ? "nobody's"
                                            : record.state().word()
                                                    + " for attempt "
                                                    + record.state().attempt()),
                    event);
        }
    }

    private static boolean isItsTurn(JobState state, MachineId machine, RunKey key) {
        boolean isAtWork = state instanceof JobState.Preparing || state instanceof JobState.Running;
        return isAtWork
                && state.attempt() == key.attempt()
                && state.machines().stream().map(Hold::machine).anyMatch(machine::equals);
    }
}
