package dev.spate.ssh;

import dev.spate.async.Scheduler;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.OutputSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads one stream of a run from a channel and hands it over. What a machine sends waits in the
 * channel's window until it is read here: a slow sink slows the machine, and memory stays flat.
 */
final class Watching {

    /**
     * Marks where the run's own output begins, and says at which offset: a login script may have
     * written before it.
     */
    private static final byte[] MARK = "spate:watch ".getBytes(StandardCharsets.US_ASCII);

    /** No file is larger; no sum with it overflows. */
    private static final long OFFSET_MAX = Long.MAX_VALUE / 20;

    private static final int NOISE_BYTES_MAX = 64 << 10;
    private static final int PIECE_BYTES = 32 << 10;

    private final OutputSink sink;
    private final Object oneAtATime = new Object();
    private final FleetEvents events;

    Watching(OutputSink sink, FleetEvents events) {
        this.sink = sink;
        this.events = events;
    }

    /** What a stream that never began ends with. */
    static final long NEVER_BEGUN = -1;

    /**
     * Starts a thread that reads the stream to its end.
     *
     * @param offset where it is to begin, or further on if the sink lets something be passed over
     * @return tells, at the end, how far the stream has been seen, or {@link #NEVER_BEGUN}
     */
    Scheduler.Task<Long> follow(
            Scheduler scheduler, OutputSink.Stream stream, InputStream in, long offset) {
        return scheduler.start("spate-watch-" + stream, () -> read(stream, in, offset));
    }

    private long read(OutputSink.Stream stream, InputStream in, long offset) throws IOException {
        if (!skipToMark(in)) {
            return NEVER_BEGUN;
        }
        long at = number(in);
        if (at > OFFSET_MAX || !sink.wanted().allows(offset, at)) {
            throw new IOException("the machine goes on at " + at + " instead of " + offset);
        }
        byte[] piece = new byte[PIECE_BYTES];
        for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
            synchronized (oneAtATime) {
                sink.accept(stream, at, piece, length);
            }
            events.output(length);
            at += length;
        }
        return at;
    }

    /** Reads a number to the end of its line. */
    private static long number(InputStream in) throws IOException {
        long number = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < '0' || b > '9' || number > OFFSET_MAX) {
                throw new IOException("the machine does not say where its output begins");
            }
            number = number * 10 + (b - '0');
        }
        return number;
    }

    private static boolean skipToMark(InputStream in) throws IOException {
        int matched = 0;
        for (int skipped = 0; matched < MARK.length && skipped < NOISE_BYTES_MAX; skipped++) {
            int b = in.read();
            if (b < 0) {
                return false;
            }
            // The mark begins with a letter that does not come again before its colon.
            matched = b == MARK[matched] ? matched + 1 : b == MARK[0] ? 1 : 0;
        }
        return matched == MARK.length;
    }
}
