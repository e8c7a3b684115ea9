package dev.spate.kafka;

/**
 * A message says what cannot be. Thrown while one is read, and turned into a value at the codec's
 * edge.
 */
final class BadMessage extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * @param place where in the message; empty for the message as a whole
     */
    BadMessage(String place, String complaint) {
        super(place.isEmpty() ? complaint : place + ": " + complaint, null, false, false);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
