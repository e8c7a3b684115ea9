package dev.spate.kafka;

import java.util.List;

/**
 * A message says what cannot be. Thrown while one is read, and turned into a value at the codec's
 * edge.
 */
final class BadMessage extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> mistakes;

    /**
     * @param place where in the message; empty for the message as a whole
     */
    BadMessage(String place, String complaint) {
        this(List.of(place.isEmpty() ? complaint : place + ": " + complaint));
    }

    /**
     * @param mistakes each with its place
     */
    BadMessage(List<String> mistakes) {
        super(String.join("; ", mistakes), null, false, false);
        this.mistakes = List.copyOf(mistakes);
    }

    /** One more than are told. Costs next to nothing: there may be a hundred thousand. */
    static BadMessage untold() {
        return new BadMessage(List.of("more is wrong than can be told"));
    }

    /** Each mistake with its place; never empty. */
    List<String> mistakes() {
        return mistakes;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
