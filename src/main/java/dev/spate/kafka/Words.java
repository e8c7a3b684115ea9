package dev.spate.kafka;

import dev.spate.job.Failure;
import dev.spate.job.Phase;
import dev.spate.job.Text;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The words that JSON uses for the vocabulary's constants. */
final class Words {

    private Words() {}

    static String of(Failure.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    static String of(Failure.Owner owner) {
        return owner.name().toLowerCase(Locale.ROOT);
    }

    static Failure.Kind kind(String word) {
        return find(Failure.Kind.values(), Words::of, word);
    }

    static Phase phase(String word) {
        return find(Phase.values(), Phase::word, word);
    }

    private static <T> T find(T[] all, Function<T, String> wordOf, String word) {
        for (T one : all) {
            if (wordOf.apply(one).equals(word)) {
                return one;
            }
        }
        String words = Stream.of(all).map(wordOf).collect(Collectors.joining(", "));
        throw new IllegalArgumentException(
                "expected one of " + words + ", found " + Text.quoted(word));
    }
}
