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
                .map(word -> new Guess(word, distance(small, word.toLowerCase(Locale.ROOT))))
                .filter(guess -> guess.distance() <= distanceMax(small, guess.word()))
                .min(Comparator.comparingInt(Guess::distance).thenComparing(Guess::word))
                .map(guess -> "; did you mean " + guess.word() + "?")
                .orElse("");
    }

    private record Guess(String word, int distance) {}

    /** Whatever is as short as {@code -p} is close to some word. */
    private static int distanceMax(String written, String word) {
        int length = Math.max(written.length(), word.length());
        return written.length() <= 2 ? 0 : Math.max(1, length / 3);
    }

    /**
     * The fewest letters to insert, delete, change or swap with their neighbours: Damerau's and
     * Levenshtein's, as far as no letter changes twice.
     */
    private static int distance(String a, String b) {
        int[][] distances = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                distances[i][j] = i == 0 || j == 0 ? i + j : distance(a, i, b, j, distances);
            }
        }
        return distances[a.length()][b.length()];
    }

    /** Between the first i letters of a and the first j of b. */
    private static int distance(String a, int i, String b, int j, int[][] distances) {
        boolean isSame = a.charAt(i - 1) == b.charAt(j - 1);
        int least =
                Math.min(
                        distances[i - 1][j - 1] + (isSame ? 0 : 1),
                        Math.min(distances[i - 1][j], distances[i][j - 1]) + 1);
        boolean isSwapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        return isSwapped ? Math.min(least, distances[i - 2][j - 2] + 1) : least;
    }
}
