package dev.spate.local;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * Chance as a pure function of a seed and the name of what is drawn for: the order in which threads
 * come by changes nothing.
 *
 * @param seed of every draw
 */
record Chance(long seed) {

    /** Evenly from 0 (included) to 1 (excluded), always the same for a name. */
    double draw(String name) {
        return (first64Bits(name) >>> 11) * 0x1.0p-53;
    }

    /** Whether something of this likelihood, 0 to 1, happens to this name. */
    boolean happens(double likelihood, String name) {
        return likelihood > 0 && draw(name) < likelihood;
    }

    /** Evenly from zero to the given duration. */
    Duration upTo(Duration most, String name) {
        return Duration.ofNanos((long) (most.toNanos() * draw(name)));
    }

    /** Evenly within a fraction of the duration to both sides of it. */
    Duration about(Duration middle, double fraction, String name) {
        return Duration.ofNanos((long) (middle.toNanos() * (1 + fraction * (2 * draw(name) - 1))));
    }

    /** A resource id as EC2 makes them: the prefix and 17 hexadecimal digits, the first a 0. */
    String id(String prefix, String name) {
        return prefix + "-0" + HexFormat.of().toHexDigits(first64Bits(name));
    }

    private long first64Bits(String name) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest((seed + "\n" + name).getBytes(StandardCharsets.UTF_8));
            long bits = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                bits = bits << 8 | (hash[i] & 0xff);
            }
            return bits;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
