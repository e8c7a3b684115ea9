package dev.spate.local;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long things take.
 *
 * @param each by what it is that takes time; what is not named takes none
 * @param jitter by which fraction {@link Delay#PENDING} and {@link Delay#BOOT} vary about their
 *     value from machine to machine; 0 to 1
 */
public record Delays(Map<Delay, Duration> each, double jitter) {

    /** None at all; terminated machines are described for ten minutes. */
    public static final Delays NONE =
            new Delays(
                    Map.of(
                            Delay.TERMINATED_VISIBLE,
                            Duration.ofMinutes(10),
                            Delay.SLOW_SSHD,
                            Duration.ofSeconds(20),
                            Delay.BREAKDOWN,
                            Duration.ofMinutes(1),
                            Delay.INTERRUPTION,
                            Duration.ofMinutes(5)),
                    0);

    /** Half a second to run, one more to boot, and reads that lag by up to half a second. */
    public static final Delays SHORT =
            new Delays(NONE.each, 0.25)
                    .with(Delay.PENDING, Duration.ofMillis(500))
                    .with(Delay.BOOT, Duration.ofMillis(1000))
                    .with(Delay.SHUTTING_DOWN, Duration.ofMillis(500))
                    .with(Delay.READ_LAG, Duration.ofMillis(500))
                    .with(Delay.REPLY, Duration.ofMillis(5))
                    .with(Delay.NOTICE, Duration.ofSeconds(10));

    /** About what EC2 and a stock Ubuntu image take. */
    public static final Delays LIFELIKE =
            new Delays(NONE.each, 0.3)
                    .with(Delay.PENDING, Duration.ofSeconds(6))
                    .with(Delay.BOOT, Duration.ofSeconds(18))
                    .with(Delay.SHUTTING_DOWN, Duration.ofSeconds(30))
                    .with(Delay.TERMINATED_VISIBLE, Duration.ofHours(1))
                    .with(Delay.READ_LAG, Duration.ofSeconds(3))
                    .with(Delay.REPLY, Duration.ofMillis(60))
                    .with(Delay.NOTICE, Duration.ofMinutes(2));

    public Delays {
        each = Map.copyOf(each);
        each.forEach(
                (delay, length) -> {
                    if (length.isNegative()) {
                        throw new IllegalArgumentException(
                                delay.word() + " must not be negative, not " + length);
                    }
                });
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter must be from 0 to 1, not " + jitter);
        }
    }

    /** How long something takes. */
    public Duration of(Delay delay) {
        return each.getOrDefault(delay, Duration.ZERO);
    }

    /** The same but for one. */
    public Delays with(Delay delay, Duration length) {
        Map<Delay, Duration> changed = new EnumMap<>(Delay.class);
        changed.putAll(each);
        changed.put(delay, length);
        return new Delays(changed, jitter);
    }

    /** The same with another jitter. */
    public Delays withJitter(double value) {
        return new Delays(each, value);
    }
}
