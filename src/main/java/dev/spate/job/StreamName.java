package dev.spate.job;

import java.util.Arrays;
import java.util.Optional;

/** One of the two streams that a run writes to. */
public enum StreamName {
    STDOUT("stdout"),
    STDERR("stderr");

    private final String word;

    StreamName(String word) {
        this.word = word;
    }

    /** As it is written in messages. */
    public String word() {
        return word;
    }

    /** The stream of that word, if there is one. */
    public static Optional<StreamName> find(String word) {
        return Arrays.stream(values()).filter(stream -> stream.word.equals(word)).findFirst();
    }
}
