package dev.spate.metrics;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a label whose values come from outside from growing without bound: the first values are
 * kept as they are, what comes later is {@code other}. Safe for any thread.
 */
final class BoundedLabel {

    static final String OTHER = "other";

    private static final int LENGTH_MAX = 64;

    private final int valuesMax;
    private final Set<String> values = ConcurrentHashMap.newKeySet();

    BoundedLabel(int valuesMax) {
        this.valuesMax = valuesMax;
    }

    /** The value to count under. */
    String of(String value) {
        if (values.contains(value)) {
            return value;
        }
        // Two threads may each add one beyond the bound; that is still a bound.
        if (value.isBlank() || value.length() > LENGTH_MAX || values.size() >= valuesMax) {
            return OTHER;
        }
        values.add(value);
        return value;
    }

    /** {@code ON_DEMAND} as labels write it: {@code on-demand}. */
    static String word(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
