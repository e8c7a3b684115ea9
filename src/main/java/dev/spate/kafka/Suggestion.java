package dev.spate.kafka;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.TreeSet;

/** What somebody who mistyped a name may have meant. */
final class Suggestion {

    private static final int NAME_LENGTH_MAX = 40;

    private Suggestion() {}

    /** {@code "; did you mean timeout?"}, or nothing if no name is close. */
    static String of(String typed, Collection<String> known) {
        if (typed.length() > NAME_LENGTH_MAX) {
            return "";
        }
        String small = typed.toLowerCase(Locale.ROOT);
        return new TreeSet<>(known)
                .stream()
                        .filter(name -> distance(small, name) <= Math.max(1, name.length() / 3))
                        .min(Comparator.comparingInt(name -> distance(small, name)))
                        .map(name -> "; did you mean " + name + "?")
                        .orElse("");
    }

    /** How many letters are wrong, missing or too many (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
