package dev.spate.local;

import java.util.EnumMap;
import java.util.Map;

/**
 * What goes wrong, and how often.
 *
 * @param chances from 0 (never) to 1 (always); what is not named never happens
 */
public record Faults(Map<Fault, Double> chances) {

    /** Nothing goes wrong. */
    public static final Faults NONE = new Faults(Map.of());

    public Faults {
        chances = Map.copyOf(chances);
        chances.forEach(
                (fault, chance) -> {
                    if (!(chance >= 0 && chance <= 1)) {
                        throw new IllegalArgumentException(
                                fault.word() + " must be from 0 to 1, not " + chance);
                    }
                });
    }

    /** How likely a fault is. */
    public double of(Fault fault) {
        return chances.getOrDefault(fault, 0.0);
    }

    /** The same with another chance. */
    public Faults with(Fault fault, double chance) {
        Map<Fault, Double> changed = new EnumMap<>(Fault.class);
        changed.putAll(chances);
        changed.put(fault, chance);
        return new Faults(changed);
    }
}
