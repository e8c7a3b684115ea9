package dev.spate.job;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names a role within a job.
 *
 * @param value 1 to 32 small letters, digits and {@code -}, starting with a letter
 */
public record RoleName(String value) implements Comparable<RoleName> {

    // Before the names: they are checked against it.
    private static final Pattern ALLOWED = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    /** The one role of a job that names none. */
    public static final RoleName MAIN = new RoleName("main");

    public RoleName {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "role: expected 1 to 32 small letters, digits and '-', starting with a"
                            + " letter, found "
                            + Text.quoted(value));
        }
    }

    /**
     * As it appears in the names of environment variables: {@code load-gen} becomes {@code
     * LOAD_GEN}.
     */
    public String inVariables() {
        return value.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    @Override
    public int compareTo(RoleName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
