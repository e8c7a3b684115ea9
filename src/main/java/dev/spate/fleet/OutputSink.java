package dev.spate.fleet;

/** Takes what a run writes, piece by piece. */
public interface OutputSink {

    /** The two streams of a run. */
    enum Stream {
        OUT,
        ERR
    }

    /**
     * Takes a piece. Called from one thread at a time, pieces of a stream in order and without
     * gaps; must not block for long: the machine waits meanwhile.
     *
     * @param offset of the first byte, from the start of the stream
     * @param bytes the piece; valid only during the call
     * @param length how many of the bytes count, from the first
     */
    void accept(Stream stream, long offset, byte[] bytes, int length);
}
