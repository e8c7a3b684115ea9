package dev.spate.job;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The W3C trace context a job message came with, handed on to everything it causes.
 *
 * @param parent the {@code traceparent} header
 * @param state the {@code tracestate} header; only ever present together with a parent
 * @see <a href="https://www.w3.org/TR/trace-context/">Trace Context</a>
 */
public record Trace(Optional<String> parent, Optional<String> state) {

    /** No context. */
    public static final Trace NONE = new Trace(Optional.empty(), Optional.empty());

    private static final Pattern PARENT =
            Pattern.compile(
                    "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final int STATE_LENGTH_MAX = 512;

    private static final int ID_AT = 3;
    private static final int ID_LENGTH = 32;

    /**
     * A malformed parent, or a state that is too long or has control characters, is dropped rather
     * than handed on.
     */
    public Trace {
        parent = parent.filter(text -> PARENT.matcher(text).matches());
        boolean hasParent = parent.isPresent();
        state =
                state.filter(
                        text ->
                                hasParent
                                        && text.length() <= STATE_LENGTH_MAX
                                        && text.chars().noneMatch(Character::isISOControl));
    }

    /** The trace's id: 32 hexadecimal digits. */
    public Optional<String> id() {
        return parent.map(text -> text.substring(ID_AT, ID_AT + ID_LENGTH));
    }
}
