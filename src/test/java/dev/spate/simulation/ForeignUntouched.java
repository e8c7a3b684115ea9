package dev.spate.simulation;

import dev.spate.fleet.FakeCloudEvent;
import dev.spate.fleet.FakeGroundEvent;
import dev.spate.job.MachineId;
import java.util.function.Consumer;

/** Nobody ends, or logs in to, a machine of another group, of a shard nobody owns, or of nobody. */
final class ForeignUntouched extends Check {

    ForeignUntouched(Facts facts, Consumer<Breach> judge) {
        super(Promise.FOREIGN_UNTOUCHED, facts, judge);
    }

    @Override
    void see(Event event) {
        switch (event) {
            case Event.InCloud(FakeCloudEvent.TerminationAsked(_, String by, MachineId machine)) ->
                    expect(
                            !facts.machine(machine).struck.contains(Fault.FOREIGN)
                                    && !facts.machine(machine).struck.contains(Fault.UNOWNED),
                            by + " ends machine " + machine + ", which is not ours",
                            event);
            case Event.OnGround(FakeGroundEvent.LoggedIn login) ->
                    expect(
                            !facts.machine(login.machine()).isStrange(),
                            login.by() + " logs in to " + login.machine() + ", which is not ours",
                            event);
            case Event.OnGround _,
                    Event.InCloud _,
                    Event.InTopics _,
                    Event.Output _,
                    Event.ToWorker _,
                    Event.Struck _,
                    Event.Cleared _,
                    Event.Ended _ -> {}
        }
    }
}
