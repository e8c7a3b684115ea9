package dev.spate.job;

import java.util.regex.Pattern;

/**
 * Names a job. Two messages with the same id are the same job.
 *
 * <p>Ids become path names on machines and parts of topic keys, so they are limited to a list of
 * harmless characters.
 *
 * @param value 1 to 128 letters, digits, {@code .}, {@code _} and {@code -}, starting with a letter
 *     or digit
 */
public record JobId(String value) implements Comparable<JobId> {

    /** The most characters an id has. */
    public static final int LENGTH_MAX = 128;

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    public JobId {
        if (value.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "id: expected at most " + LENGTH_MAX + " characters, found " + value.length());
        }
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "id: expected letters, digits, '.', '_' and '-', starting with a letter"
                            + " or digit, found "
                            + Text.quoted(value));
        }
    }

    @Override
    public int compareTo(JobId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
