package dev.spate.simulation;

import dev.spate.fleet.FakeCloudEvent;
import dev.spate.fleet.FakeGroundEvent;
import dev.spate.fleet.RunKey;
import dev.spate.job.Hold;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import dev.spate.job.MachineId;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * No machine is ended, and no run stopped, as long as the journal says that they are a job's: an
 * owner that has lost its shard cannot do it, whatever it believes, for it cannot change the
 * journal.
 */
final class RightfulKills extends Check {

    RightfulKills(Facts facts, Consumer<Breach> judge) {
        super(Promise.RIGHTFUL_KILLS, facts, judge);
    }

    @Override
    void see(Event event) {
        switch (event) {
            case Event.InCloud(
                            FakeCloudEvent.TerminationAsked(_, String by, MachineId machine)) -> {
                for (JobRecord record : facts.records()) {
                    expect(
                            !isNeeded(record.state(), facts.machine(machine)),
                            "%s ends machine %s, which job %s has in state %s"
                                    .formatted(by, machine, record.id(), record.state().word()),
                            event);
                }
            }
            case Event.OnGround(
                            FakeGroundEvent.Stopped(_, String by, MachineId machine, RunKey key)) ->
                    expect(
                            mayBeStopped(key),
                            by + " stops " + key + " on " + machine + ", which goes on",
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

    private static boolean isNeeded(JobState state, Facts.MachineFacts machine) {
        return switch (state) {
            case JobState.Launching launching ->
                    has(launching, machine)
                            || (machine.made != null
                                    && launching.seats().stream()
                                            .anyMatch(
                                                    seat ->
                                                            seat.launch()
                                                                            .token()
                                                                            .equals(
                                                                                    machine.made
                                                                                            .token())
                                                                    && seat.index()
                                                                            == machine.made
                                                                                    .index()));
            case JobState.Preparing _, JobState.Running _ -> has(state, machine);
            case JobState.Waiting _,
                    JobState.Retreating _,
                    JobState.Settled _,
                    JobState.Released _ ->
                    false;
        };
    }

    private static boolean has(JobState state, Facts.MachineFacts machine) {
        return state.machines().stream().map(Hold::machine).anyMatch(machine.id::equals);
    }

    private boolean mayBeStopped(RunKey key) {
        @Nullable JobRecord record = facts.record(key.job());
        if (record == null) {
            return false;
        }
        boolean isOver =
                record.state().attempt() != key.attempt()
                        || switch (record.state()) {
                            case JobState.Preparing _, JobState.Running _ -> false;
                            case JobState.Waiting _,
                                    JobState.Launching _,
                                    JobState.Retreating _,
                                    JobState.Settled _,
                                    JobState.Released _ ->
                                    true;
                        };
        return isOver || record.isCancelled() || isBackgroundOfTheDone(record, key);
    }

    private boolean isBackgroundOfTheDone(JobRecord record, RunKey key) {
        if (!record.job().role(key.member().role()).isBackground()) {
            return false;
        }
        return record.job().members().stream()
                .filter(member -> !record.job().role(member.role()).isBackground())
                .map(member -> facts.run(new RunKey(key.job(), member, key.attempt())))
                .filter(Objects::nonNull)
                .noneMatch(Facts.RunFacts::isGoing);
    }
}
