package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spate.job.Outcome;
import dev.spate.job.Text;
import java.io.Console;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a command reads and writes, and in what surroundings.
 *
 * @param in standard input
 * @param out for results
 * @param err for everything else
 * @param environment the environment variables
 * @param isInteractive whether a person is looking at the output
 */
record Terminal(
        InputStream in,
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        boolean isInteractive) {

    private static final String ESCAPE = "\u001b[";

    /** What {@link #coloured} writes, and nothing else. */
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[(?:3[1236]|0)m");

    Terminal {
        environment = Map.copyOf(environment);
    }

    /** The one this process was started with. */
    static Terminal ofProcess() {
        BytePrinter out = new BytePrinter(System.out, Path.of("/dev/fd/1"));
        return new Terminal(
                System.in,
                out,
                new BytePrinter(System.err, Path.of("/dev/fd/2")),
                System.getenv(),
                // A console has standard input, too, which may well be a pipe.
                out.isTerminal()
                        || Optional.ofNullable(System.console())
                                .map(Console::isTerminal)
                                .orElse(false));
    }

    /** Whether a person sees standard error as well as the output, so that both may be drawn on. */
    boolean canDrawOnError() {
        return isInteractive && (!(err instanceof BytePrinter printer) || printer.mayBeTerminal());
    }

    /** Whether to use colours: for people only, and not if they asked for none. */
    boolean hasColours() {
        return isInteractive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /**
     * Whether what is printed on one of the two may reach a terminal, which foreign bytes could
     * steer. A person at one of them says nothing of the other: either may be redirected.
     */
    boolean mayBeTerminal(boolean isError) {
        return isInteractive
                || ((isError ? err : out) instanceof BytePrinter printer
                        && printer.mayBeTerminal());
    }

    /** Whether somebody wants to see everything that went wrong. */
    boolean isDebugging() {
        return !environment.getOrDefault("SPATE_DEBUG", "").isEmpty();
    }

    /** Prints a line. Where a terminal may get it, it is made harmless. */
    void print(String line) {
        out.println(mayBeTerminal(false) ? harmless(line) : line);
        out.flush();
    }

    /**
     * The text with all that could steer a terminal, or turn the text's direction, as in JSON,
     * which means the same as before. Only line ends, tabs and Spate's own colours stay.
     */
    static String harmless(String text) {
        StringBuilder harmless = new StringBuilder(text.length());
        Matcher colour = COLOUR.matcher(text);
        int end = 0;
        while (colour.find()) {
            harmless.append(Text.visible(text.substring(end, colour.start())));
            harmless.append(colour.group());
            end = colour.end();
        }
        return harmless.append(Text.visible(text.substring(end))).toString();
    }

    /** Prints bytes as they are, on one of the two. */
    void write(boolean isError, byte[] bytes) {
        PrintWriter to = isError ? err : out;
        if (to instanceof BytePrinter printer) {
            printer.print(bytes);
        } else {
            to.print(new String(bytes, UTF_8));
            to.flush();
        }
    }

    void complain(String line) {
        err.println(mayBeTerminal(true) ? harmless(line) : line);
        err.flush();
    }

    /** An outcome in its colour. */
    String coloured(Outcome outcome) {
        return coloured(outcome.word());
    }

    /** A state, or an outcome, in its colour. */
    String coloured(String word) {
        return switch (word) {
            case "succeeded" -> coloured(word, 32);
            case "cancelled", "unavailable", "lost", "waiting", "retreating" -> coloured(word, 33);
            case "failed", "timed-out", "rejected", "error" -> coloured(word, 31);
            case "running" -> coloured(word, 36);
            default -> word;
        };
    }

    private String coloured(String text, int colour) {
        return hasColours() ? ESCAPE + colour + "m" + text + ESCAPE + "0m" : text;
    }
}
