package dev.spate.ssh;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * Environment variables as a file for a shell to read. Within single quotes a shell takes
 * everything as it is, save for the single quote.
 */
final class EnvFile {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private EnvFile() {}

    /** The file; empty if a variable cannot be one. */
    static Optional<byte[]> of(SortedMap<String, String> variables) {
        StringBuilder text = new StringBuilder();
        for (var variable : variables.entrySet()) {
            if (!NAME.matcher(variable.getKey()).matches()
                    || variable.getValue().indexOf('\0') >= 0) {
                return Optional.empty();
            }
            text.append("export ")
                    .append(variable.getKey())
                    .append("='")
                    .append(variable.getValue().replace("'", "'\\''"))
                    .append("'\n");
        }
        return Optional.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
