package dev.spate.config;

import java.util.List;

/** The configuration is not what it should be. Thrown once, with everything that is wrong. */
public final class ConfigurationMistakes extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final List<String> mistakes;

    ConfigurationMistakes(List<String> mistakes) {
        super(String.join("\n", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /** At least one; each is one line: place, key, what was expected, what was found. */
    @SuppressWarnings("serial") // never serialised; the list is immutable
    public List<String> mistakes() {
        return mistakes;
    }
}
