package dev.spate.job;

import java.util.regex.Pattern;

/**
 * Names a machine, in the words of the cloud it is in: {@code i-0abc…}, or a host's name.
 *
 * @param value 1 to 128 letters, digits, {@code .}, {@code :}, {@code _} and {@code -}
 */
public record MachineId(String value) implements Comparable<MachineId> {

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    public MachineId {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "machine: expected a machine's id, found " + Text.quoted(value));
        }
    }

    @Override
    public int compareTo(MachineId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
