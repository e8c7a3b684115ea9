package dev.spate.fleet;

/** Takes what a run writes, piece by piece. */
public interface OutputSink {

    /** The two streams of a run. */
    enum Stream {
        OUT,
        ERR
    }

    /**
     * What is wanted of a stream: its first bytes and its last. What lies between may be passed
     * over, where there is much of it.
     *
     * @param headBytes how many of the first
     * @param tailBytes how many of the last
     */
    record Wanted(long headBytes, long tailBytes) {

        /** Everything. */
        public static final Wanted ALL = new Wanted(Long.MAX_VALUE, 0);

        public Wanted {
            if (headBytes < 0 || tailBytes < 0) {
                throw new IllegalArgumentException(
                        "wanted: expected no less than 0 bytes, found "
                                + headBytes
                                + " and "
                                + tailBytes);
            }
        }

        /** Whether one may go on at an offset when all before another has been seen. */
        public boolean allows(long seen, long next) {
            return next == seen || (next > seen && seen >= headBytes);
        }
    }

    /** What is wanted of each stream: the same at every call. */
    default Wanted wanted() {
        return Wanted.ALL;
    }

    /**
     * Takes a piece. Called from one thread at a time, pieces of a stream in order and without gaps
     * other than {@link #wanted} allows; must not block for long: the machine waits meanwhile.
     *
     * @param offset of the first byte, from the start of the stream
     * @param bytes the piece; valid only during the call
     * @param length how many of the bytes count, from the first
     */
    void accept(Stream stream, long offset, byte[] bytes, int length);
}
