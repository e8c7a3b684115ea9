package dev.spate.simulation;

import java.util.List;

/**
 * A promise that was broken.
 *
 * @param what in a line
 * @param evidence the events that prove it, in order
 */
record Breach(Promise promise, String what, List<Event> evidence) {
    Breach {
        evidence = List.copyOf(evidence);
    }
}
