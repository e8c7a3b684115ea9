package dev.spate.job;

/** Text that comes from outside, made fit for a message to a person. */
public final class Text {

    private static final int QUOTED_LENGTH_MAX = 60;
    private static final int REPLACEMENT = '\uFFFD';

    private Text() {}

    /**
     * The text in quotes, with control characters made visible, cut to a length that fits a line.
     */
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        int length = Math.min(text.length(), QUOTED_LENGTH_MAX);
        for (int i = 0; i < length; i++) {
            appendVisible(quoted, text.charAt(i));
        }
        if (text.length() > length) {
            quoted.append('…');
        }
        return quoted.append('"').toString();
    }

    /**
     * The text with all control characters but line ends and tabs, and all that could turn its
     * direction, as in {@code \\u009b}, so that JSON means the same as before.
     */
    public static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\n' && c != '\t' && isSteering(c)) {
                visible.append(String.format("\\u%04x", (int) c));
            } else {
                visible.append(c);
            }
        }
        return visible.toString();
    }

    /**
     * One line without control characters and those that could turn its direction, each of which
     * becomes a space, and well formed. For messages of foreign origin in logs and results.
     */
    public static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(isSteering(c) ? ' ' : c);
        }
        return wellFormed(line.toString().strip());
    }

    /** Whether every surrogate in the text has its other half, so that it can be sent as UTF-8. */
    public static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                // Most text has none, and need not be taken apart.
                return text.codePoints().noneMatch(Text::isHalfPair);
            }
        }
        return true;
    }

    /** The text with U+FFFD in place of every surrogate that has lost its other half. */
    public static String wellFormed(String text) {
        if (isWellFormed(text)) {
            return text;
        }
        StringBuilder whole = new StringBuilder(text.length());
        text.codePoints()
                .forEach(point -> whole.appendCodePoint(isHalfPair(point) ? REPLACEMENT : point));
        return whole.toString();
    }

    /** At most so many characters from the text's beginning, never half of a surrogate pair. */
    public static String start(String text, int lengthMax) {
        if (text.length() <= lengthMax) {
            return text;
        }
        boolean splitsPair =
                lengthMax > 0
                        && Character.isSurrogatePair(
                                text.charAt(lengthMax - 1), text.charAt(lengthMax));
        return text.substring(0, splitsPair ? lengthMax - 1 : lengthMax);
    }

    /** At most so many characters from the text's end, never half of a surrogate pair. */
    public static String end(String text, int lengthMax) {
        if (text.length() <= lengthMax) {
            return text;
        }
        int from = text.length() - lengthMax;
        boolean splitsPair =
                lengthMax > 0
                        && Character.isSurrogatePair(text.charAt(from - 1), text.charAt(from));
        return text.substring(splitsPair ? from + 1 : from);
    }

    /** {@link String#codePoints} yields a surrogate only if it is alone. */
    private static boolean isHalfPair(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** Whether the character is not to be seen, but changes what is. */
    private static boolean isSteering(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }

    private static void appendVisible(StringBuilder quoted, char c) {
        switch (c) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case '\n' -> quoted.append("\\n");
            case '\r' -> quoted.append("\\r");
            case '\t' -> quoted.append("\\t");
            default -> {
                if (isSteering(c) || Character.isSurrogate(c)) {
                    quoted.append(String.format("\\u%04x", (int) c));
                } else {
                    quoted.append(c);
                }
            }
        }
    }
}
