package dev.spate.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.fleet.OutputSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Wants the beginning and the end of what a run writes, and tells how much came. */
final class Extract implements OutputSink {

    final Seen out = new Seen();
    final Seen err = new Seen();
    private final Wanted wanted;

    Extract(long headBytes, long tailBytes) {
        this.wanted = new Wanted(headBytes, tailBytes);
    }

    /** What came of one stream. */
    static final class Seen {
        long seen;
        long received;
        private final ByteArrayOutputStream head = new ByteArrayOutputStream();
        private final ByteArrayOutputStream tail = new ByteArrayOutputStream();

        /** Everything up to the first gap. */
        String head() {
            return (head.size() == 0 ? tail : head).toString(StandardCharsets.ISO_8859_1);
        }

        /** Everything from the last gap on. */
        String tail() {
            return tail.toString(StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public Wanted wanted() {
        return wanted;
    }

    @Override
    public synchronized void accept(Stream stream, long offset, byte[] bytes, int length) {
        Seen to = stream == Stream.OUT ? out : err;
        assertThat(wanted.allows(to.seen, offset)).isTrue();
        if (offset > to.seen) {
            if (to.head.size() == 0) {
                to.head.writeBytes(to.tail.toByteArray());
            }
            to.tail.reset();
        }
        to.tail.write(bytes, 0, length);
        to.received += length;
        to.seen = offset + length;
    }
}
