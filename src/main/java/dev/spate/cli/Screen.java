package dev.spate.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a person sees of the output: a picture of some lines that can be replaced by a newer one.
 * One thread at a time.
 */
final class Screen {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,4}) (\\d{1,4})\\s*");
    private static final Size USUAL = new Size(80, 24);
    private static final int STTY_SECONDS_MAX = 2;

    private static final String TOP = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    // What is too long for a line, or has become so while it was on its way, stays in that line.
    private static final String CUT = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";

    private final Terminal terminal;
    private Picture shown = Picture.NONE;

    /**
     * How large it is.
     *
     * @param width columns
     * @param height lines
     */
    record Size(int width, int height) {}

    /**
     * What is on the screen.
     *
     * @param size of the screen when it was shown
     * @param height lines of it, all above the cursor
     */
    record Picture(Size size, int height) {
        static final Picture NONE = new Picture(new Size(0, 0), 0);
    }

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
            try (InputStream said = stty.getInputStream()) {
                // It has room in the pipe: nobody has to read before the process has ended.
                if (stty.waitFor(STTY_SECONDS_MAX, TimeUnit.SECONDS)) {
                    return parse(new String(said.readNBytes(20), US_ASCII));
                }
            } finally {
                stty.destroyForcibly();
            }
        } catch (IOException noTerminal) {
            // Then the usual size has to do.
        }
        return USUAL;
    }

    private static Size parse(String said) {
        Matcher size = SIZE.matcher(said);
        if (size.matches()) {
            int height = Integer.parseInt(size.group(1));
            int width = Integer.parseInt(size.group(2));
            if (width > 0 && height > 0) {
                return new Size(width, height);
            }
        }
        return USUAL;
    }

    /** Shows lines in place of those shown before; those that do not fit are counted. */
    void show(List<String> lines, Size size) {
        List<String> fitting = fitting(lines, size.height());
        terminal.out().print(painted(shown, fitting, size));
        terminal.out().flush();
        shown = new Picture(size, fitting.size());
    }

    /** As many lines as there is room for above the cursor. Pure. */
    static List<String> fitting(List<String> lines, int height) {
        int room = Math.max(1, height - 1);
        if (lines.size() <= room) {
            return lines;
        }
        List<String> fitting = new ArrayList<>(lines.subList(0, room - 1));
        fitting.add("… " + (lines.size() - fitting.size()) + " more lines");
        return fitting;
    }

    /**
     * What to send for a picture in place of another. It is cleared line by line, for all at once
     * would flicker. On a screen of another size nobody knows where the old one is: there,
     * everything is cleared. Whatever lines say, each stays one. Pure.
     */
    static String painted(Picture before, List<String> lines, Size size) {
        StringBuilder text = new StringBuilder(CUT);
        if (before.height() > 0) {
            text.append(
                    before.size().equals(size)
                            ? "\r\u001b[%dA".formatted(before.height())
                            : TOP + CLEAR_BELOW);
        }
        for (String line : lines) {
            String harmless = Terminal.harmless(line.replace('\n', ' '));
            text.append(CLEAR_LINE).append(harmless).append("\r\n");
        }
        return text.append(CLEAR_BELOW).append(WRAP).toString();
    }
}
