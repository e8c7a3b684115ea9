package dev.spate.web;

import dev.spate.job.Bounds;
import dev.spate.job.ByteSize;
import dev.spate.job.Durations;
import dev.spate.job.Text;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the worker listens for HTTP.
 *
 * @param host the address to listen on
 * @param port 0 to 65535; 0 takes any free port
 * @param advertisedHost the name or address under which other workers reach this one, if not {@code
 *     host}
 * @param connectionsMax the most connections at a time; more wait to be accepted; 1 to 100,000
 * @param streamsMax the most streams of events and output at a time; never more than half of the
 *     connections, so that others get through; 0 to 10,000
 * @param requestMax the most a request's body may have; at most 64 MiB
 * @param idleTimeout after which a silent connection is closed; 1 s to 10 m
 * @param token what allows somebody to submit and cancel jobs; without one nobody can
 */
public record HttpSettings(
        String host,
        int port,
        Optional<String> advertisedHost,
        int connectionsMax,
        int streamsMax,
        ByteSize requestMax,
        Duration idleTimeout,
        Optional<Token> token) {

    /** A name, an IPv4 address, or an IPv6 one without brackets. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");

    private static final int CONNECTIONS_MAX = 100_000;
    private static final int STREAMS_MAX = 10_000;
    private static final int PORT_MAX = 65_535;
    private static final ByteSize REQUEST_MAX = ByteSize.ofMiB(64);

    public HttpSettings {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host: expected an address, found nothing");
        }
        Bounds.require("port", port, 0, PORT_MAX);
        if (advertisedHost.filter(name -> !HOST.matcher(name).matches()).isPresent()) {
            throw new IllegalArgumentException(
                    "advertisedHost: expected a name or an address, found "
                            + Text.quoted(advertisedHost.get()));
        }
        Bounds.require("connectionsMax", connectionsMax, 1, CONNECTIONS_MAX);
        Bounds.require("streamsMax", streamsMax, 0, STREAMS_MAX);
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

    /** Loopback, and nothing can be changed over it. */
    public static HttpSettings onLoopback(int port) {
        return new HttpSettings(
                "127.0.0.1",
                port,
                Optional.empty(),
                1_000,
                200,
                ByteSize.ofMiB(1),
                Duration.ofSeconds(30),
                Optional.empty());
    }

    /** The same with a token. */
    public HttpSettings with(Token other) {
        return new HttpSettings(
                host,
                port,
                advertisedHost,
                connectionsMax,
                streamsMax,
                requestMax,
                idleTimeout,
                Optional.of(other));
    }

    /** How many streams there may really be. */
    int streams() {
        return Math.min(streamsMax, connectionsMax / 2);
    }
}
