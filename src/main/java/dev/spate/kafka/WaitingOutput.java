package dev.spate.kafka;

import dev.spate.engine.OutputLog;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Output that waits to be sent, in order for each source; what follows on itself becomes one piece.
 * One thread at a time.
 */
final class WaitingOutput {

    private static final int PIECE_BYTES_MAX = 64 << 10;

    private final int bytesMax;
    private final List<Piece> pieces = new ArrayList<>();

    /** The piece of a source that may still grow. */
    private final Map<OutputLog.Source, Piece> growing = new HashMap<>();

    private long bytes;

    /** A record to be. */
    static final class Piece {
        final OutputLog.Source source;
        final long offset;
        final boolean isCapped;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        private Piece(OutputLog.Source source, long offset, boolean isCapped) {
            this.source = source;
            this.offset = offset;
            this.isCapped = isCapped;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        private boolean mayGrow(long at, int by) {
            return offset + bytes.size() == at && bytes.size() + by <= PIECE_BYTES_MAX;
        }
    }

    /**
     * @param bytesMax how much may wait
     */
    WaitingOutput(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Adds bytes; returns whether there was room for them. */
    boolean add(OutputLog.Source source, long offset, byte[] more) {
        if (bytes + more.length > bytesMax || pieces.size() >= bytesMax / 100) {
            return false;
        }
        bytes += more.length;
        @Nullable Piece last = growing.get(source);
        if (last == null || !last.mayGrow(offset, more.length)) {
            last = new Piece(source, offset, false);
            pieces.add(last);
            growing.put(source, last);
        }
        last.bytes.writeBytes(more);
        return true;
    }

    /** Adds the mark that the source is told no further. As each has one, there is always room. */
    void addCapped(OutputLog.Source source, long offset) {
        growing.remove(source);
        pieces.add(new Piece(source, offset, true));
    }

    List<Piece> takeAll() {
        List<Piece> all = List.copyOf(pieces);
        pieces.clear();
        growing.clear();
        bytes = 0;
        return all;
    }
}
