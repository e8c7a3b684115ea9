package dev.spate.board;

import dev.spate.job.Bounds;
import dev.spate.job.Text;

/**
 * Where a worker answers HTTP for the others of its group.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param port 1 to 65535
 */
public record Peer(String host, int port) implements Comparable<Peer> {

    private static final int PORT_MAX = 65_535;

    public Peer {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host: expected a name, found nothing");
        }
        Bounds.require("port", port, 1, PORT_MAX);
    }

    /**
     * Reads {@code host:port}, as {@link #toString} writes it.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Peer parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, Math.max(0, colon));
        boolean hasBrackets = host.startsWith("[") && host.endsWith("]");
        try {
            return new Peer(
                    hasBrackets ? host.substring(1, host.length() - 1) : host,
                    Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "expected host:port, found " + Text.quoted(text), malformed);
        }
    }

    @Override
    public int compareTo(Peer other) {
        int byHost = host.compareTo(other.host);
        return byHost != 0 ? byHost : Integer.compare(port, other.port);
    }

    /** {@code host:port}, an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
