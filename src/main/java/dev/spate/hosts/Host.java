package dev.spate.hosts;

import dev.spate.job.Text;
import java.util.regex.Pattern;

/**
 * A machine of somebody's own.
 *
 * @param name 1 to 64 letters, digits, {@code .}, {@code _} and {@code -}
 * @param address a numeric address or a host name
 */
public record Host(String name, String address) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public Host {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name: expected 1 to 64 letters, digits, '.', '_' and '-', found "
                            + Text.quoted(name));
        }
        if (address.isBlank()) {
            throw new IllegalArgumentException("address: expected one for " + name);
        }
    }
}
