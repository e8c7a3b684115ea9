package dev.spate.kafka;

import dev.spate.job.Member;
import dev.spate.job.StreamName;

/**
 * A record of the topic of output, as it was published.
 *
 * @param bytes none if nothing but the offset is told
 * @param isCapped whether what the stream has from the offset on is not published
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record LogEntry(
        Member member,
        int attempt,
        StreamName stream,
        long offset,
        byte[] bytes,
        boolean isCapped) {

    LogEntry {
        if (attempt < 1 || offset < 0 || offset > Long.MAX_VALUE - bytes.length) {
            throw new IllegalArgumentException(
                    "output: expected an attempt and an offset, found " + attempt + ", " + offset);
        }
    }

    /** The offset behind the last byte. */
    long end() {
        return offset + bytes.length;
    }
}
