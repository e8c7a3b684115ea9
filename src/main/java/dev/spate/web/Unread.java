package dev.spate.web;

import io.javalin.http.Context;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many bytes of answers wait in memory for clients that are slow to read them. Whoever comes
 * when there are too many is to come again. Safe for any thread.
 */
final class Unread {

    private static final int BYTES_MAX = 16 << 20;

    private final Semaphore free = new Semaphore(BYTES_MAX);

    /** Counts the answer until it is written, or nobody wants it any more. */
    void count(Context context) throws IOException {
        InputStream answer = context.resultInputStream();
        if (answer == null) {
            return;
        }
        // One that is larger than all may be is let through alone.
        int bytes = Math.min(answer.available(), BYTES_MAX);
        if (!free.tryAcquire(bytes)) {
            throw Refused.later("Others have as much still to read as may wait for them.", 1);
        }
        context.result(new Counted(answer, bytes));
    }

    /** Is closed in every case: when it is written, cannot be, or another takes its place. */
    private final class Counted extends FilterInputStream {

        private final int bytes;
        private final AtomicBoolean isClosed = new AtomicBoolean();

        Counted(InputStream answer, int bytes) {
            super(answer);
            this.bytes = bytes;
        }

        @Override
        public void close() throws IOException {
            if (isClosed.compareAndSet(false, true)) {
                free.release(bytes);
            }
            super.close();
        }
    }
}
