package dev.spate.job;

import java.util.List;

/**
 * A path below a run's working directory: normalised, and unable to leave it.
 *
 * @param value 1 to 512 characters, segments separated by {@code /}; no empty, {@code .} or {@code
 *     ..} segment, no control character, no backslash
 */
public record RelativePath(String value) implements Comparable<RelativePath> {

    private static final int LENGTH_MAX = 512;

    public RelativePath {
        if (value.isEmpty() || value.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "path: expected 1 to " + LENGTH_MAX + " characters, found " + value.length());
        }
        boolean isPlain =
                value.chars().noneMatch(c -> Character.isISOControl(c) || c == '\\' || c == 0xFFFD);
        boolean stays =
                List.of(value.split("/", -1)).stream()
                        .noneMatch(
                                segment ->
                                        segment.isEmpty()
                                                || segment.equals(".")
                                                || segment.equals(".."));
        if (!isPlain || !stays) {
            throw new IllegalArgumentException(
                    "path: expected a path below the working directory, without '..', '//'"
                            + " or control characters, found "
                            + Text.quoted(value));
        }
    }

    @Override
    public int compareTo(RelativePath other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
