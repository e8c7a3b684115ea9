package dev.spate.ssh;

import java.util.concurrent.CompletableFuture;
import org.apache.sshd.common.future.SshFuture;

/** MINA's futures as the JDK's. */
final class Futures {

    private Futures() {}

    /** Completes with the future itself, whatever has become of it, when it is done. */
    static <F extends SshFuture<F>> CompletableFuture<F> done(F future) {
        CompletableFuture<F> done = new CompletableFuture<>();
        future.addListener(done::complete);
        return done;
    }
}
