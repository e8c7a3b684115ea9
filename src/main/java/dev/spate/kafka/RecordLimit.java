package dev.spate.kafka;

import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * To how many bytes results and rejects are cut. Lowered when a broker refuses one: the shard that
 * is opened anew then gets through, instead of failing at the same job for ever. Safe for any
 * thread.
 */
final class RecordLimit {

    private static final Logger log = LoggerFactory.getLogger(RecordLimit.class);

    /** A broker that does not take this much is not worth serving. */
    private static final int FLOOR_BYTES = 64 * 1024;

    private final AtomicInteger bytesMax;

    RecordLimit(int bytesMax) {
        this.bytesMax = new AtomicInteger(bytesMax);
    }

    int bytesMax() {
        return bytesMax.get();
    }

    /** A record that was cut to so many bytes was refused: half of it, from now on. */
    void tooLarge(String topic, int cutTo) {
        int less = Math.max(FLOOR_BYTES, cutTo / 2);
        if (bytesMax.getAndAccumulate(less, Math::min) > less) {
            log.error(
                    "Topic {} refuses what it should take: results and rejects are cut to {} bytes"
                            + " from now on; raise its max.message.bytes",
                    topic,
                    less);
        }
    }
}
