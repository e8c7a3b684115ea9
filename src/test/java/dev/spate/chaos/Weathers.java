package dev.spate.chaos;

import java.util.List;

/** What the weather in the cloud may turn to, and back from. */
final class Weathers {

    /**
     * A setting of the simulated cloud's.
     *
     * @param name as {@code spate cloud --set} takes it
     * @param bad its value for a while
     * @param good its value otherwise
     */
    record Spell(String name, String bad, String good) {}

    static final List<Spell> ALL =
            List.of(
                    new Spell("faults.lostReply", "0.4", "0.02"),
                    new Spell("faults.serverError", "0.5", "0.02"),
                    new Spell("faults.unreachable", "1", "0"),
                    new Spell("faults.throttled", "0.5", "0"),
                    new Spell("faults.expiredCredentials", "1", "0"),
                    new Spell("faults.noCapacity", "0.7", "0.02"),
                    new Spell("faults.terminateDenied", "0.7", "0"),
                    new Spell("faults.terminateNotFound", "0.5", "0"),
                    new Spell("faults.failedBoot", "0.3", "0.02"),
                    new Spell("faults.slowSshd", "0.3", "0"),
                    new Spell("faults.muteSshd", "0.1", "0"),
                    new Spell("faults.badLogin", "0.2", "0"),
                    new Spell("faults.wrongHostKey", "0.2", "0"),
                    new Spell("faults.wrongClock", "0.5", "0.1"),
                    new Spell("faults.droppedSessions", "0.7", "0.2"),
                    new Spell("faults.halfOpenSessions", "0.3", "0.05"),
                    new Spell("faults.spotInterruption", "1", "0.5"),
                    new Spell("throttle.*", "0.5/1", "50/100"),
                    new Spell("capacity.*/*/*", "0", "1000"),
                    new Spell("delays.readLag", "8s", "500ms"),
                    new Spell("delays.reply", "3s", "5ms"));

    /** What it is from the beginning to the end. */
    static final List<Spell> ALWAYS =
            List.of(
                    new Spell("delays.interruption", "40s", "40s"),
                    new Spell("delays.notice", "8s", "8s"),
                    new Spell("delays.slowSshd", "10s", "10s"));

    private Weathers() {}
}
