package dev.spate.job;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Guesses what somebody meant to write. */
public final class Spelling {

    private static final int LENGTH_MAX = 100;

    private Spelling() {}

    /**
     * The closest of the words that could have been meant, whatever the case, as in {@code "; did
     * you mean timeout?"}; nothing if none is close. Pure.
     */
    public static String hint(String written, Collection<String> known) {
        if (written.length() > LENGTH_MAX) {
            return "";
        }
        String small = written.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(word -> isClose(small, word))
                .min(
                        Comparator.comparingInt((String word) -> distance(small, word))
                                .thenComparing(Comparator.naturalOrder()))
                .map(word -> "; did you mean " + word + "?")
                .orElse("");
    }

    private static boolean isClose(String small, String word) {
        int distance = distance(small, word);
        return distance < small.length() && distance <= Math.max(2, small.length() / 3);
    }

    /** Levenshtein's: the fewest letters to insert, delete or change, whatever their case. */
    private static int distance(String small, String word) {
        String other = word.toLowerCase(Locale.ROOT);
        int[] previous = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= small.length(); i++) {
            int[] current = new int[other.length() + 1];
            current[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed =
                        previous[j - 1] + (small.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(changed, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[other.length()];
    }
}
