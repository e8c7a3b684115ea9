package dev.spate.simulation;

import java.util.function.Consumer;

/** When all is done and quiet, every machine of ours has stopped, known to a journal or not. */
final class NothingLeft extends Check {

    NothingLeft(Facts facts, Consumer<Breach> judge) {
        super(Promise.NOTHING_LEFT, facts, judge);
    }

    @Override
    void end() {
        for (Facts.MachineFacts machine : facts.machines()) {
            if (!machine.isStrange() || machine.struck.contains(Fault.ORPHAN)) {
                expect(machine.isStopped(), "machine " + machine.id + " is left");
            }
        }
    }
}
