package dev.spate.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person sees of the output: lines that can be replaced by newer ones. */
final class Screen {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,4}) (\\d{1,4})\\s*");
    private static final int USUAL_WIDTH = 80;
    private static final int USUAL_HEIGHT = 24;
    private static final int STTY_SECONDS_MAX = 2;
    private static final String CLEAR_BELOW = "\r\u001b[J";

    private final Terminal terminal;
    private int shown;

    /**
     * How large it is.
     *
     * @param width columns
     * @param height lines
     */
    record Size(int width, int height) {}

    Screen(Terminal terminal) {
        this.terminal = terminal;
    }

    /** How large it is now; without bounds if nobody is looking. */
    Size size() throws InterruptedException {
        if (!terminal.isInteractive()) {
            return new Size(Integer.MAX_VALUE, Integer.MAX_VALUE);
        }
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(new File("/dev/tty"))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String said = new String(stty.getInputStream().readNBytes(20), US_ASCII);
            Matcher size = SIZE.matcher(said);
            if (stty.waitFor(STTY_SECONDS_MAX, TimeUnit.SECONDS) && size.matches()) {
                int height = Integer.parseInt(size.group(1));
                int width = Integer.parseInt(size.group(2));
                if (width > 0 && height > 0) {
                    return new Size(width, height);
                }
            }
        } catch (IOException noTerminal) {
            // Then the usual size has to do.
        }
        return new Size(USUAL_WIDTH, USUAL_HEIGHT);
    }

    /** Shows lines in place of those shown before. They must fit. */
    void show(List<String> lines) {
        StringBuilder text = new StringBuilder();
        if (shown > 0) {
            text.append("\u001b[%dA".formatted(shown));
        }
        text.append(CLEAR_BELOW);
        lines.forEach(line -> text.append(line).append('\n'));
        terminal.out().print(text);
        terminal.out().flush();
        shown = lines.size();
    }
}
