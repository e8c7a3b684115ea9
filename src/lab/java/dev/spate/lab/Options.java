package dev.spate.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * Options of a benchmark, {@code --name=number} each.
 *
 * @param words as given on the command line
 */
record Options(List<String> words) {

    Options {
        words = List.copyOf(words);
    }

    /** The value of an option, at least 1, or what it is if not given. */
    int value(String name, int otherwise) {
        String prefix = "--" + name + "=";
        for (String word : words) {
            if (word.startsWith(prefix)) {
                int value = Integer.parseInt(word.substring(prefix.length()));
                if (value < 1) {
                    throw new IllegalArgumentException(
                            name + ": expected at least 1, found " + value);
                }
                return value;
            }
        }
        return otherwise;
    }

    /** Complains about an option that is none of these. */
    void requireOnly(String... names) {
        List<String> unknown = new ArrayList<>(words);
        for (String name : names) {
            unknown.removeIf(word -> word.startsWith("--" + name + "="));
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown " + unknown + "; there are --" + String.join("=N, --", names) + "=N");
        }
    }
}
