package dev.spate.async;

import java.util.List;

/**
 * Elements that belong together because they arrived together.
 *
 * @param elements in order of arrival; never empty
 * @param bytes the sum of the elements' sizes, as the iterator was told to measure them
 * @param cut why the batch ends where it does
 */
public record Batch<T>(List<T> elements, long bytes, Cut cut) {

    public Batch {
        if (elements.isEmpty()) {
            throw new IllegalArgumentException("elements: a batch has at least one");
        }
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: expected at least 0, found " + bytes);
        }
    }

    /** Why a batch ends. */
    public enum Cut {
        /** It holds as many elements as a batch may. */
        SIZE,
        /**
         * The next element would have made it larger than a batch may be, or the only one alone
         * does.
         */
        BYTES,
        /** The first element has waited long enough. */
        LINGER,
        /** The source ended, failed or was closed. */
        CLOSE
    }
}
