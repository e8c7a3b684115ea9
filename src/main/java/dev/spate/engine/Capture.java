package dev.spate.engine;

import dev.spate.fleet.OutputSink;
import dev.spate.job.Captured;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Keeps the beginning and the end of what a run writes, and counts the rest: constant memory
 * however much that is. Safe for any thread.
 */
final class Capture implements OutputSink {

    private final Wanted wanted;
    private final Kept out;
    private final Kept err;

    Capture(int headBytesMax, int tailBytesMax) {
        this.wanted = new Wanted(headBytesMax, tailBytesMax);
        this.out = new Kept(headBytesMax, tailBytesMax);
        this.err = new Kept(headBytesMax, tailBytesMax);
    }

    @Override
    public Wanted wanted() {
        return wanted;
    }

    @Override
    public synchronized void accept(Stream stream, long offset, byte[] bytes, int length) {
        of(stream).append(offset, bytes, length);
    }

    /** How far the stream has been seen: where to go on. */
    synchronized long offset(Stream stream) {
        return of(stream).total;
    }

    synchronized Captured captured(Stream stream) {
        return of(stream).captured();
    }

    private Kept of(Stream stream) {
        return switch (stream) {
            case OUT -> out;
            case ERR -> err;
        };
    }

    /** One stream. The tail is a ring that begins to fill when the head is full. */
    private static final class Kept {
        private final byte[] head;
        private final byte[] ring;
        private long total;

        /** From where on there is no gap: older bytes in the ring do not belong to the tail. */
        private long unbrokenFrom;

        Kept(int headBytesMax, int tailBytesMax) {
            head = new byte[headBytesMax];
            ring = new byte[tailBytesMax];
        }

        /** Takes a piece; what was seen before is passed over, what was left out only counted. */
        void append(long offset, byte[] bytes, int length) {
            if (offset > total) {
                if (total < head.length) {
                    throw new IllegalArgumentException(
                            "offset: expected at most " + total + ", found " + offset);
                }
                total = offset;
                unbrokenFrom = offset;
            }
            int from = Math.clamp(total - offset, 0, length);
            int intoHead = Math.clamp(head.length - total, 0, length - from);
            System.arraycopy(bytes, from, head, (int) Math.min(total, head.length), intoHead);
            // Only the last pieces can survive in the ring; passing over the rest keeps a flood
            // cheap.
            int firstForRing = Math.max(from + intoHead, length - ring.length);
            for (int i = firstForRing; i < length; i++) {
                ring[(int) ((total - from + i) % ring.length)] = bytes[i];
            }
            total += (long) length - from;
        }

        Captured captured() {
            int headLength = (int) Math.min(total, head.length);
            int tailLength =
                    (int) Math.min(total - Math.max(headLength, unbrokenFrom), ring.length);
            byte[] tail = new byte[tailLength];
            for (int i = 0; i < tailLength; i++) {
                tail[i] = ring[(int) ((total - tailLength + i) % ring.length)];
            }
            boolean isTruncated = total > (long) headLength + tailLength;
            return new Captured(
                    total,
                    new String(Arrays.copyOf(head, headLength), StandardCharsets.UTF_8),
                    new String(tail, StandardCharsets.UTF_8),
                    isTruncated);
        }
    }
}
