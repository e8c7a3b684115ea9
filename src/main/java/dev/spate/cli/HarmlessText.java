package dev.spate.cli;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes text of a stream of foreign bytes that a person's terminal can be shown: line ends and tabs
 * stay, colours and other sequences of a terminal are taken out, whatever else could steer it, or
 * turn the text's direction, becomes a replacement character. Pieces may end anywhere. One thread
 * at a time.
 */
final class HarmlessText {

    private static final char REPLACEMENT = '\uFFFD';
    private static final int SEQUENCE_LENGTH_MAX = 64;

    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);

    /** The beginning of a character whose end has not come yet. */
    private byte[] rest = new byte[0];

    private Place place = Place.TEXT;
    private int sequenceLength;

    private enum Place {
        TEXT,
        BEHIND_RETURN,
        BEHIND_ESCAPE,
        IN_SEQUENCE
    }

    /** The next piece of the stream as text. */
    String next(byte[] bytes) {
        ByteBuffer in = ByteBuffer.allocate(rest.length + bytes.length).put(rest).put(bytes).flip();
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
        decoder.decode(in, out, false);
        rest = Arrays.copyOfRange(in.array(), in.position(), in.limit());
        StringBuilder text = new StringBuilder();
        out.flip().chars().forEach(c -> append(text, (char) c));
        return text.toString();
    }

    private void append(StringBuilder text, char c) {
        switch (place) {
            case TEXT -> appendText(text, c);
            case BEHIND_RETURN -> {
                place = Place.TEXT;
                if (c != '\n') {
                    appendText(text, c);
                }
            }
            case BEHIND_ESCAPE -> {
                if (c == '[') {
                    place = Place.IN_SEQUENCE;
                    sequenceLength = 0;
                } else {
                    place = Place.TEXT;
                    text.append(REPLACEMENT);
                    appendText(text, c);
                }
            }
            case IN_SEQUENCE -> {
                sequenceLength++;
                boolean isPart = c >= ' ' && c < '@';
                if (!isPart || sequenceLength > SEQUENCE_LENGTH_MAX) {
                    place = Place.TEXT;
                    if (c < '@' || c > '~') {
                        appendText(text, c);
                    }
                }
            }
        }
    }

    private void appendText(StringBuilder text, char c) {
        switch (c) {
            case '\n', '\t' -> text.append(c);
            case '\r' -> {
                // Never back to the start of a line: what was written there would be gone.
                text.append('\n');
                place = Place.BEHIND_RETURN;
            }
            case '\u001b' -> place = Place.BEHIND_ESCAPE;
            default ->
                    text.append(
                            Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                                    ? REPLACEMENT
                                    : c);
        }
    }
}
