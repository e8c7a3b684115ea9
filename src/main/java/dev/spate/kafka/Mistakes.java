package dev.spate.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is wrong with a message, gathered while it is read, so that who wrote it is told of more
 * than one at once. For one thread.
 */
final class Mistakes {

    /** A message can have a hundred thousand; who has mended these is told of the next. */
    static final int TOLD_MAX = 10;

    private final List<String> told = new ArrayList<>();
    private int untold;

    /**
     * Whether whatever else is wrong is only counted, so that nobody needs to find words for it.
     */
    boolean isFull() {
        return told.size() == TOLD_MAX;
    }

    /** Notes whatever it complains of. */
    void add(BadMessage bad) {
        for (String mistake : bad.mistakes()) {
            if (isFull()) {
                untold++;
            } else {
                told.add(mistake);
            }
        }
    }

    /** What it reads; empty if it complains, which is noted. */
    <T> Optional<T> noting(Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (BadMessage bad) {
            add(bad);
            return Optional.empty();
        }
    }

    /**
     * Says what has been noted, and how much more there was.
     *
     * @throws BadMessage if anything has
     */
    void requireNone() {
        if (told.isEmpty()) {
            return;
        }
        List<String> all = new ArrayList<>(told);
        if (untold > 0) {
            all.add("and " + untold + (untold == 1 ? " more mistake" : " more mistakes"));
        }
        throw new BadMessage(all);
    }
}
