package dev.spate.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;

/** MINA's way to tell of an interruption, as Java's: it clears the flag and fails as I/O does. */
final class Interruptions {

    private Interruptions() {}

    /**
     * Does nothing if the failure is none.
     *
     * @throws InterruptedException if the calling thread was interrupted while it waited
     */
    static void rethrow(IOException failure) throws InterruptedException {
        if (failure instanceof InterruptedIOException
                && !(failure instanceof SocketTimeoutException)) {
            InterruptedException interrupted = new InterruptedException(failure.getMessage());
            interrupted.initCause(failure);
            throw interrupted;
        }
    }
}
