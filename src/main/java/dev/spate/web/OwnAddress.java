package dev.spate.web;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The address at which a worker is reached that nobody has told it. */
final class OwnAddress {

    private static final Logger log = LoggerFactory.getLogger(OwnAddress.class);

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private OwnAddress() {}

    /**
     * The host it listens on; or, if that is all of them, what the machine is called, looked up for
     * three seconds at most, and loopback if that is not to be known.
     *
     * @param lookup finds this machine's address; may take as long as the name service likes
     */
    static String of(String host, Callable<InetAddress> lookup, Scheduler scheduler) {
        return switch (host) {
            case "0.0.0.0", "::" -> lookedUp(lookup, scheduler);
            case String name -> name;
        };
    }

    private static String lookedUp(Callable<InetAddress> lookup, Scheduler scheduler) {
        // A name service that does not answer cannot be interrupted, only left alone.
        Scheduler.Task<InetAddress> asking = scheduler.start("own-address", lookup);
        try {
            return scheduler
                    .await(asking.result(), Deadline.after(scheduler, PATIENCE))
                    .getHostAddress();
        } catch (ExecutionException | TimeoutException nameless) {
            log.warn(
                    "This machine does not know its own address; set http.advertised-host",
                    nameless);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        asking.cancel();
        return InetAddress.getLoopbackAddress().getHostAddress();
    }
}
