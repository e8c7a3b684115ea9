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
                    new Spell("throttle.*", "0.5/1", "50/100"),
                    new Spell("capacity.*/*/*", "0", "1000"),
                    new Spell("delays.readLag", "8s", "500ms"),
                    new Spell("delays.reply", "3s", "5ms"));

    private Weathers() {}
}
