package dev.spate.config;

import java.util.Collection;
import java.util.Comparator;

/** Guesses what somebody meant to write. */
final class Spelling {

    private Spelling() {}

    /** {@code ; did you mean X?}, or nothing if nothing is close. */
    static String hint(String written, Collection<String> known) {
        return known.stream()
                .min(
                        Comparator.comparingInt((String word) -> distance(written, word))
                                .thenComparing(Comparator.naturalOrder()))
                .filter(word -> distance(written, word) <= Math.max(2, written.length() / 3))
                .map(word -> "; did you mean " + word + "?")
                .orElse("");
    }

    /** Levenshtein's: the fewest letters to insert, delete or change. */
    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(changed, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
