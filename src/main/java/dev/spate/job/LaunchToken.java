package dev.spate.job;

import java.util.regex.Pattern;

/**
 * Names a launch, and makes it happen once: the same token again means the same machines again.
 *
 * @param value 64 hexadecimal digits, small; EC2 takes client tokens of up to 64 ASCII characters
 */
public record LaunchToken(String value) {

    private static final Pattern ALLOWED = Pattern.compile("[0-9a-f]{64}");

    public LaunchToken {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "token: expected 64 hexadecimal digits, found " + Text.quoted(value));
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
