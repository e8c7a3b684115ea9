package dev.spate.board;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What was done lately, and how things are.
 *
 * @param step the length of each window
 * @param windows oldest first
 * @param now how things are at the moment
 */
public record Statistics(Duration step, List<Window> windows, Now now) {

    public Statistics {
        windows = List.copyOf(windows);
    }

    /** Two boards' statistics of the same step together. */
    public Statistics plus(Statistics other) {
        if (!step.equals(other.step)) {
            throw new IllegalArgumentException(
                    "step: expected " + step + " in both, found " + other.step);
        }
        TreeMap<Instant, Window> all = new TreeMap<>();
        windows.forEach(window -> all.put(window.start(), window));
        other.windows.forEach(window -> all.merge(window.start(), window, Window::plus));
        return new Statistics(step, new ArrayList<>(all.values()), now.plus(other.now));
    }
}
