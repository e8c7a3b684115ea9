package dev.spate.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Options of a benchmark, {@code --name=number} or {@code --name number} each.
 *
 * @param words as given on the command line
 */
record Options(List<String> words) {

    Options {
        words = joined(words);
    }

    private static List<String> joined(List<String> words) {
        List<String> joined = new ArrayList<>();
        for (String word : words) {
            boolean isValue = !word.startsWith("--") && !joined.isEmpty();
            if (isValue && !joined.getLast().contains("=")) {
                joined.set(joined.size() - 1, joined.getLast() + "=" + word);
            } else {
                joined.add(word);
            }
        }
        return List.copyOf(joined);
    }

    /** The value of an option, at least 1, or what it is if not given. */
    int value(String name, int otherwise) {
        return text(name).map(text -> number(name, text)).orElse(otherwise);
    }

    /** Whether an option is there, with a value or without. */
    boolean has(String name) {
        return words.contains("--" + name) || text(name).isPresent();
    }

    /** The value of an option as it was given. */
    Optional<String> text(String name) {
        String prefix = "--" + name + "=";
        return words.stream()
                .filter(word -> word.startsWith(prefix))
                .map(word -> word.substring(prefix.length()))
                .findFirst();
    }

    private static int number(String name, String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new Misused("--" + name + ": expected a number from 1, found " + text);
        }
        return Integer.parseInt(text);
    }

    /** Complains about an option that is none of these. */
    void requireOnly(String... names) {
        List<String> unknown = new ArrayList<>(words);
        for (String name : names) {
            unknown.removeIf(
                    word -> word.equals("--" + name) || word.startsWith("--" + name + "="));
        }
        if (!unknown.isEmpty()) {
            throw new Misused(
                    "unknown " + unknown + "; there are --" + String.join(" N, --", names) + " N");
        }
    }

    /** The command line cannot be followed; the message says why. */
    static final class Misused extends RuntimeException {
        Misused(String message) {
            super(message);
        }
    }
}
