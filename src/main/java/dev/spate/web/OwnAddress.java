package dev.spate.web;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The address at which a worker is reached that nobody has told it. */
final class OwnAddress {

    private static final Logger log = LoggerFactory.getLogger(OwnAddress.class);

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private OwnAddress() {}

    /**
     * The host it listens on; or, if that is all of them, what the machine is called, looked up for
     * three seconds at most; if that is not to be known, or leads nowhere but to itself, an address
     * of its network interfaces; and loopback if there is none.
     *
     * @param lookup finds this machine's address; may take as long as the name service likes
     * @param interfaces the addresses of this machine, known without asking anybody
     */
    static String of(
            String host,
            Callable<InetAddress> lookup,
            Supplier<List<InetAddress>> interfaces,
            Scheduler scheduler) {
        return switch (host) {
            case "0.0.0.0", "::" ->
                    lookedUp(lookup, scheduler)
                            .filter(OwnAddress::leadsHere)
                            .or(() -> best(interfaces.get()))
                            .map(OwnAddress::text)
                            .orElseGet(OwnAddress::loopback);
            case String name -> name;
        };
    }

    private static Optional<InetAddress> lookedUp(
            Callable<InetAddress> lookup, Scheduler scheduler) {
        // A name service that does not answer cannot be interrupted, only left alone.
        Scheduler.Task<InetAddress> asking = scheduler.start("own-address", lookup);
        try {
            return Optional.of(
                    scheduler.await(asking.result(), Deadline.after(scheduler, PATIENCE)));
        } catch (ExecutionException | TimeoutException nameless) {
            log.info("This machine's name is not to be found: {}", nameless.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        asking.cancel();
        return Optional.empty();
    }

    /** The first of those that are good for most networks. */
    private static Optional<InetAddress> best(List<InetAddress> addresses) {
        Optional<InetAddress> best =
                addresses.stream()
                        .filter(OwnAddress::leadsHere)
                        .min(
                                Comparator.<InetAddress, Boolean>comparing(
                                                address -> !(address instanceof Inet4Address))
                                        .thenComparing(address -> !address.isSiteLocalAddress()));
        best.ifPresent(
                address ->
                        log.warn(
                                "The name service does not know this machine; the other workers"
                                        + " are told {}, an address of its network interfaces."
                                        + " http.advertised-host sets another",
                                text(address)));
        return best;
    }

    private static boolean leadsHere(InetAddress address) {
        return !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isAnyLocalAddress();
    }

    /** Without the interface, which means something on this machine alone. */
    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    private static String loopback() {
        log.warn("This machine has no address at which others reach it; set http.advertised-host");
        return InetAddress.getLoopbackAddress().getHostAddress();
    }

    /** The addresses of all network interfaces that are up, in the order of these. */
    static List<InetAddress> ofInterfaces() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(OwnAddress::isUp)
                    .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException none) {
            return List.of();
        }
    }

    private static boolean isUp(NetworkInterface one) {
        try {
            return one.isUp();
        } catch (SocketException gone) {
            return false;
        }
    }
}
