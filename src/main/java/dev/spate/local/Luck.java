package dev.spate.local;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What befalls an instance, drawn in the weather of the moment. By the token of its launch, so that
 * it does not depend on who launched first. Thread-safe.
 *
 * @param weather at the moment
 */
record Luck(Chance chance, Supplier<Weather> weather) {

    /** The faults a machine is born with. */
    private static final Set<Fault> INNATE =
            EnumSet.of(
                    Fault.DEAD_SSHD,
                    Fault.MUTE_SSHD,
                    Fault.SLOW_SSHD,
                    Fault.WRONG_HOST_KEY,
                    Fault.BAD_LOGIN,
                    Fault.DROPPED_SESSIONS,
                    Fault.HALF_OPEN_SESSIONS,
                    Fault.KILLED_PROCESS,
                    Fault.FULL_DISK,
                    Fault.WRONG_CLOCK);

    boolean has(Fault fault, Instance instance) {
        return happens(fault, name(instance));
    }

    /** Whether a launch that is repeated is taken for another. */
    boolean mistakes(String token) {
        return happens(Fault.TOKEN_MISMATCH, token);
    }

    private boolean happens(Fault fault, String name) {
        return chance.happens(weather.get().faults().of(fault), fault.word() + "/" + name);
    }

    /** What is wrong with the machine behind an instance. */
    Set<Fault> ailments(Instance instance) {
        Set<Fault> ailments = EnumSet.noneOf(Fault.class);
        INNATE.stream().filter(fault -> has(fault, instance)).forEach(ailments::add);
        return ailments;
    }

    /** As it is set. */
    Duration exactly(Delay delay) {
        return weather.get().delays().of(delay);
    }

    /** As it is set, give or take the jitter. */
    Duration about(Delay delay, Instance instance) {
        return chance.about(
                exactly(delay),
                weather.get().delays().jitter(),
                delay.word() + "/" + name(instance));
    }

    /** From zero to what is set. */
    Duration within(Delay delay, Instance instance) {
        return chance.upTo(exactly(delay), delay.word() + "/" + name(instance));
    }

    /** How far reads of an instance that is being launched will lag. */
    Duration readLag(LaunchRequest launch, int launchIndex, String id) {
        return chance.upTo(exactly(Delay.READ_LAG), name(launch, launchIndex, id));
    }

    private static String name(Instance instance) {
        return name(instance.launch(), instance.launchIndex(), instance.id());
    }

    private static String name(LaunchRequest launch, int launchIndex, String id) {
        return launch.token().isEmpty() ? id : launch.token() + "/" + launchIndex;
    }
}
