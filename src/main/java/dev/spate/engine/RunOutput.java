package dev.spate.engine;

import dev.spate.fleet.OutputSink;
import dev.spate.job.Captured;
import dev.spate.job.StreamName;
import java.util.Arrays;
import java.util.List;

/**
 * Takes what one run writes: all of it goes into the {@link Capture}, the beginning also to the
 * {@link OutputLog}.
 *
 * <p>What is published follows from the run's bytes alone, not from who follows it or when: after a
 * take-over the same pieces of the same offsets may come again, and nothing else. Safe for any
 * thread.
 */
final class RunOutput implements OutputSink {

    private final Capture capture;
    private final OutputLog log;
    private final long bytesMax;
    private final Published out;
    private final Published err;

    /** Makes the source of a stream. */
    interface Sources {
        OutputLog.Source of(StreamName stream);
    }

    /** How far a stream was handed to the log. */
    private static final class Published {
        private final OutputLog.Source source;
        private long to;
        private boolean isCapped;

        Published(OutputLog.Source source) {
            this.source = source;
        }
    }

    /**
     * @param bytesMax how much of the beginning of each stream is published; 0 = nothing, and
     *     nothing is said of it
     */
    RunOutput(Capture capture, OutputLog log, long bytesMax, Sources sources) {
        this.capture = capture;
        this.log = log;
        this.bytesMax = bytesMax;
        this.out = new Published(sources.of(StreamName.STDOUT));
        this.err = new Published(sources.of(StreamName.STDERR));
    }

    @Override
    public Wanted wanted() {
        Wanted kept = capture.wanted();
        return new Wanted(Math.max(kept.headBytes(), bytesMax), kept.tailBytes());
    }

    @Override
    public synchronized void accept(Stream stream, long offset, byte[] bytes, int length) {
        capture.accept(stream, offset, bytes, length);
        Published published = of(stream);
        if (bytesMax == 0 || published.isCapped) {
            return;
        }
        long from = Math.max(offset, published.to);
        long to = Math.min(offset + length, bytesMax);
        if (from < to) {
            int first = (int) (from - offset);
            log.publish(
                    published.source,
                    from,
                    Arrays.copyOfRange(bytes, first, first + (int) (to - from)));
            published.to = to;
        }
        if (offset + length > bytesMax) {
            published.isCapped = true;
            log.capped(published.source, bytesMax);
        }
    }

    /** The run is over: says how far its streams went, so that a loss at the end can be seen. */
    synchronized void end() {
        for (Published published : List.of(out, err)) {
            if (published.to > 0 && !published.isCapped) {
                log.publish(published.source, published.to, new byte[0]);
            }
        }
    }

    /** Whether anything was handed to the log. */
    synchronized boolean hasPublished() {
        return out.to > 0 || out.isCapped || err.to > 0 || err.isCapped;
    }

    private Published of(Stream stream) {
        return switch (stream) {
            case OUT -> out;
            case ERR -> err;
        };
    }

    /** How far the stream has been seen: where to go on. */
    long offset(Stream stream) {
        return capture.offset(stream);
    }

    Captured captured(Stream stream) {
        return capture.captured(stream);
    }
}
