package dev.spate.job;

/** Text that comes from outside, made fit for a message to a person. */
public final class Text {

    private static final int QUOTED_LENGTH_MAX = 60;

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
     * One line without control characters: each becomes a space. For messages of foreign origin in
     * logs and results.
     */
    public static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
        }
        return line.toString().strip();
    }

    private static void appendVisible(StringBuilder quoted, char c) {
        switch (c) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case '\n' -> quoted.append("\\n");
            case '\r' -> quoted.append("\\r");
            case '\t' -> quoted.append("\\t");
            default -> {
                if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                    quoted.append(String.format("\\u%04x", (int) c));
                } else {
                    quoted.append(c);
                }
            }
        }
    }
}
