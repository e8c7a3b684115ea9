package dev.spate.web;

import dev.spate.job.ByteSize;
import dev.spate.job.Durations;
import java.time.Duration;

/**
 * How the worker listens for HTTP.
 *
 * @param host the address to listen on
 * @param port 0 to 65535; 0 takes any free port
 * @param connectionsMax the most connections at a time; more wait to be accepted; 1 to 100,000
 * @param requestMax the most a request's body may have; at most 64 MiB
 * @param idleTimeout after which a silent connection is closed; 1 s to 10 m
 */
public record HttpSettings(
        String host, int port, int connectionsMax, ByteSize requestMax, Duration idleTimeout) {

    private static final int CONNECTIONS_MAX = 100_000;
    private static final ByteSize REQUEST_MAX = ByteSize.ofMiB(64);

    public HttpSettings {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host: expected an address, found nothing");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: expected 0 to 65535, found " + port);
        }
        if (connectionsMax < 1 || connectionsMax > CONNECTIONS_MAX) {
            throw new IllegalArgumentException(
                    "connectionsMax: expected 1 to "
                            + CONNECTIONS_MAX
                            + ", found "
                            + connectionsMax);
        }
        if (requestMax.compareTo(REQUEST_MAX) > 0) {
            throw new IllegalArgumentException(
                    "requestMax: expected at most " + REQUEST_MAX + ", found " + requestMax);
        }
        if (idleTimeout.compareTo(Duration.ofSeconds(1)) < 0
                || idleTimeout.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException(
                    "idleTimeout: expected 1s to 10m, found " + Durations.format(idleTimeout));
        }
    }

    /** Loopback, any free port. */
    public static HttpSettings onLoopback(int port) {
        return new HttpSettings("127.0.0.1", port, 200, ByteSize.ofMiB(1), Duration.ofSeconds(30));
    }
}
