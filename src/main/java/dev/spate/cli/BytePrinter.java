package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Prints text as UTF-8, and bytes as they are. */
final class BytePrinter extends PrintWriter {

    private static final int FILE_TYPE = 0170_000;

    /** Files, pipes and sockets; a terminal is a device. */
    private static final Set<Integer> NO_TERMINALS = Set.of(0100_000, 0010_000, 0140_000);

    /** How Linux names terminals. */
    private static final List<String> TERMINALS = List.of("/dev/pts/", "/dev/tty", "/dev/console");

    private final OutputStream stream;
    private final boolean mayBeTerminal;
    private final boolean isTerminal;

    /**
     * @param descriptor what the stream writes to, such as {@code /dev/fd/1}
     */
    BytePrinter(OutputStream out, Path descriptor) {
        super(out, true, UTF_8);
        this.stream = out;
        this.mayBeTerminal = mayBeTerminal(descriptor);
        this.isTerminal = isTerminal(descriptor);
    }

    /** Whether a terminal may get what is printed: true unless it is certain that none does. */
    boolean mayBeTerminal() {
        return mayBeTerminal;
    }

    /** Whether it is certain that a terminal gets what is printed. */
    boolean isTerminal() {
        return isTerminal;
    }

    private static boolean isTerminal(Path descriptor) {
        try {
            String device = descriptor.toRealPath().toString();
            return TERMINALS.stream().anyMatch(device::startsWith);
        } catch (IOException unknown) {
            return false;
        }
    }

    private static boolean mayBeTerminal(Path descriptor) {
        try {
            int mode = (int) Files.getAttribute(descriptor, "unix:mode");
            return !NO_TERMINALS.contains(mode & FILE_TYPE);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
            return true;
        }
    }

    /** Prints bytes behind what was printed before. Like all printing, it does not fail. */
    void print(byte[] bytes) {
        flush();
        try {
            stream.write(bytes);
            stream.flush();
        } catch (IOException broken) {
            setError();
        }
    }
}
