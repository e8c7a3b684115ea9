package dev.spate.config;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What the workers of a group share and nobody else knows: the keys of machines follow from it.
 *
 * @param text 32 to 4,096 characters
 */
public record Secret(String text) {

    /** The fewest characters a secret has. */
    public static final int LENGTH_MIN = 32;

    private static final int LENGTH_MAX = 4_096;

    public Secret {
        if (text.length() < LENGTH_MIN || text.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "expected "
                            + LENGTH_MIN
                            + " to "
                            + LENGTH_MAX
                            + " characters, such as `openssl rand -hex 32` writes, found "
                            + text.length());
        }
    }

    public byte[] bytes() {
        return text.getBytes(UTF_8);
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return "Secret[" + text.length() + " characters]";
    }
}
