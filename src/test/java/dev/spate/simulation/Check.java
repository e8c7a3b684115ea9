package dev.spate.simulation;

import java.util.List;
import java.util.function.Consumer;

/** Judges one history by one promise. Events are shown to it one by one, in order. */
abstract class Check {

    private final Promise promise;
    private final Consumer<Breach> judge;
    private long count;

    /** What the history has shown so far, the present event included. */
    final Facts facts;

    /**
     * @param judge told of every breach
     */
    Check(Promise promise, Facts facts, Consumer<Breach> judge) {
        this.promise = promise;
        this.facts = facts;
        this.judge = judge;
    }

    final Promise promise() {
        return promise;
    }

    /** How often the promise could have been broken. */
    final long count() {
        return count;
    }

    /** The next event; {@link #facts} know it already. */
    void see(Event event) {}

    /** The history is over, and all workers have come to rest. */
    void end() {}

    /** Takes note that the promise is at stake here, and whether it holds. */
    final void expect(boolean holds, String whatIfNot, Event... evidence) {
        count++;
        if (!holds) {
            judge.accept(new Breach(promise, whatIfNot, List.of(evidence)));
        }
    }
}
