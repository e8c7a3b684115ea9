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

    /** Marks where the run's own output begins: a login script may have written before it. */
    private static final byte[] MARK = "spate:watch\n".getBytes(StandardCharsets.US_ASCII);

    private static final int NOISE_BYTES_MAX = 64 << 10;
    private static final int PIECE_BYTES = 32 << 10;

    private final OutputSink sink;
    private final Object oneAtATime = new Object();
    private final FleetEvents events;

    Watching(OutputSink sink, FleetEvents events) {
        this.sink = sink;
        this.events = events;
    }

    /**
     * Starts a thread that reads the stream to its end.
     *
     * @return tells, at the end, whether the run's output has ever begun
     */
    Scheduler.Task<Boolean> follow(
            Scheduler scheduler, OutputSink.Stream stream, InputStream in, long offset) {
        return scheduler.start("spate-watch-" + stream, () -> read(stream, in, offset));
    }

    private boolean read(OutputSink.Stream stream, InputStream in, long offset) throws IOException {
        if (!skipToMark(in)) {
            return false;
        }
        byte[] piece = new byte[PIECE_BYTES];
        long at = offset;
        for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
            synchronized (oneAtATime) {
                sink.accept(stream, at, piece, length);
            }
            events.output(length);
            at += length;
        }
        return true;
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
