package dev.spate.job;

/**
 * What is kept of an output stream.
 *
 * @param bytes how much was written in all
 * @param head the beginning; the whole, if it fits
 * @param tail the end, as far as it is not in the head
 * @param isTruncated whether something between head and tail is missing
 */
public record Captured(long bytes, String head, String tail, boolean isTruncated) {

    /** Nothing was written. */
    public static final Captured NOTHING = new Captured(0, "", "", false);

    public Captured {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: expected at least 0, found " + bytes);
        }
    }
}
