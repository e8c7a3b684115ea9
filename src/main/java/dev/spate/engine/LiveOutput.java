package dev.spate.engine;

import dev.spate.fleet.OutputSink;
import dev.spate.job.Captured;
import dev.spate.job.StreamName;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Takes what one run writes: all of it goes into the {@link Capture}, the beginning also to the
 * {@link OutputLog}.
 *
 * <p>What is published follows from the run's bytes alone, not from who follows it or when: after a
 * take-over the same pieces of the same offsets may come again, and nothing else. Safe for any
 * thread.
 */
final class LiveOutput implements OutputSink {

    private final Capture capture;
    private final OutputLog log;
    private final long bytesMax;
    private final Map<Stream, OutputLog.Source> sources = new EnumMap<>(Stream.class);

    /** How far each stream was handed to the log. */
    private final Map<Stream, Long> handed = new EnumMap<>(Stream.class);

    /** Makes the source of a stream. */
    interface Sources {
        OutputLog.Source of(StreamName stream);
    }

    /**
     * @param bytesMax how much of the beginning of each stream is published; 0 = nothing, and
     *     nothing is said of it
     */
    LiveOutput(Capture capture, OutputLog log, long bytesMax, Sources sources) {
        this.capture = capture;
        this.log = log;
        this.bytesMax = bytesMax;
        for (Stream stream : Stream.values()) {
            this.sources.put(stream, sources.of(name(stream)));
            this.handed.put(stream, 0L);
        }
    }

    @Override
    public Wanted wanted() {
        Wanted kept = capture.wanted();
        return new Wanted(Math.max(kept.headBytes(), bytesMax), kept.tailBytes());
    }

    @Override
    public synchronized void accept(Stream stream, long offset, byte[] bytes, int length) {
        capture.accept(stream, offset, bytes, length);
        long before = handed.get(stream);
        if (before >= bytesMax) {
            return;
        }
        long from = Math.max(offset, before);
        long to = Math.min(offset + length, bytesMax);
        if (from < to) {
            log.publish(
                    sources.get(stream),
                    from,
                    Arrays.copyOfRange(bytes, (int) (from - offset), (int) (to - offset)));
            handed.put(stream, to);
        }
        if (offset + length > bytesMax) {
            log.capped(sources.get(stream), bytesMax);
            // So that it is said once, even if not a byte fits.
            handed.put(stream, bytesMax);
        }
    }

    /** The run is over: says how far its streams went, so that a loss at the end can be seen. */
    synchronized void end() {
        handed.forEach(
                (stream, offset) -> {
                    if (offset > 0 && offset < bytesMax) {
                        log.publish(sources.get(stream), offset, new byte[0]);
                    }
                });
    }

    /** How far the stream has been seen: where to go on. */
    long offset(Stream stream) {
        return capture.offset(stream);
    }

    Captured captured(Stream stream) {
        return capture.captured(stream);
    }

    private static StreamName name(Stream stream) {
        return switch (stream) {
            case OUT -> StreamName.STDOUT;
            case ERR -> StreamName.STDERR;
        };
    }
}
