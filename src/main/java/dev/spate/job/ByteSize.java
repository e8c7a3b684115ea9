package dev.spate.job;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of storage.
 *
 * @param bytes zero or more
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {

    private static final Pattern WRITTEN =
            Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB|TiB|KB|MB|GB|TB)");

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("size: expected at least 0 bytes, found " + bytes);
        }
    }

    public static ByteSize ofMiB(long mebibytes) {
        return new ByteSize(Math.multiplyExact(mebibytes, 1L << 20));
    }

    public static ByteSize ofGiB(long gibibytes) {
        return new ByteSize(Math.multiplyExact(gibibytes, 1L << 30));
    }

    /** Reads {@code 20GiB}, {@code 512 MB}, {@code 100B}: a whole number and a unit. */
    public static ByteSize parse(String text) {
        Matcher matcher = WRITTEN.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "expected a size with a unit, such as 20GiB, found " + Text.quoted(text));
        }
        try {
            return new ByteSize(
                    Math.multiplyExact(
                            Long.parseLong(matcher.group(1)), unitBytes(matcher.group(2))));
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException(
                    "expected a size below 8 EiB, found " + Text.quoted(text), tooLarge);
        }
    }

    /** Rounded up to whole gibibytes, the unit of disks. */
    public int wholeGiB() {
        return Math.toIntExact(Math.ceilDiv(bytes, 1L << 30));
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** As {@link #parse} reads it, in the largest binary unit that is exact. */
    @Override
    public String toString() {
        String[] units = {"TiB", "GiB", "MiB", "KiB"};
        for (int i = 0; i < units.length; i++) {
            long unit = 1L << (10 * (units.length - i));
            if (bytes >= unit && bytes % unit == 0) {
                return bytes / unit + units[i];
            }
        }
        return bytes + "B";
    }

    private static long unitBytes(String unit) {
        long base = unit.contains("i") ? 1024 : 1000;
        return switch (unit.toUpperCase(Locale.ROOT).charAt(0)) {
            case 'K' -> base;
            case 'M' -> base * base;
            case 'G' -> base * base * base;
            case 'T' -> base * base * base * base;
            default -> 1;
        };
    }
}
