package dev.spate.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What allows somebody to submit and cancel jobs over HTTP.
 *
 * @param text 32 to 4,096 visible ASCII characters
 */
public record Token(String text) {

    private static final int LENGTH_MIN = 32;
    private static final int LENGTH_MAX = 4_096;
    private static final String SCHEME = "Bearer ";

    public Token {
        if (text.length() < LENGTH_MIN || text.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "expected %d to %d characters, such as `openssl rand -hex 32` writes, found %d"
                            .formatted(LENGTH_MIN, LENGTH_MAX, text.length()));
        }
        if (!text.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw new IllegalArgumentException("expected visible ASCII characters, found others");
        }
    }

    /**
     * Whether an {@code Authorization} header has this token. Takes as long whatever is wrong with
     * it: hashes are compared, all of them to the end.
     */
    boolean isIn(String authorization) {
        boolean hasScheme = authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        String presented = hasScheme ? authorization.substring(SCHEME.length()).strip() : "";
        return MessageDigest.isEqual(hash(text), hash(presented));
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "Token[" + text.length() + " characters]";
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
