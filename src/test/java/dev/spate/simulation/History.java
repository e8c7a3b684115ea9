package dev.spate.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Everything that happened, in order. Events are added and never changed. */
final class History {

    private final List<Event> events = new ArrayList<>();

    void add(Event event) {
        events.add(event);
    }

    List<Event> events() {
        return Collections.unmodifiableList(events);
    }

    /** The events that speak of something, by any of the words. */
    List<Event> about(String... words) {
        return events.stream()
                .filter(
                        event -> {
                            String line = Trace.line(event);
                            return Stream.of(words).anyMatch(line::contains);
                        })
                .toList();
    }
}
