package dev.spate.cli;

/**
 * What Ctrl-C leaves behind while something is being drawn: the terminal writes {@code ^C} where
 * the cursor is, and that line has to end, so that the shell's prompt begins its own.
 */
final class LastLine implements AutoCloseable {

    private final Thread hook;

    /** Ends the line if the process is ended from now on; does nothing if nobody is looking. */
    LastLine(Terminal terminal) {
        hook =
                new Thread(
                        () -> {
                            if (terminal.isInteractive()) {
                                terminal.print("");
                            }
                        },
                        "last line");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Drawing has ended in an orderly way. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // Then the hook is what ends it.
        }
    }
}
