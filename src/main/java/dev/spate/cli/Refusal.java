package dev.spate.cli;

/** A command that cannot go on, and says why in one line. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitCode;

    private Refusal(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The call is wrong; exit code 2. */
    static Refusal usage(String message) {
        return new Refusal(Main.EXIT_USAGE, message);
    }

    /** The call is right, but it did not work; exit code 1. */
    static Refusal failure(String message) {
        return new Refusal(Main.EXIT_FAILURE, message);
    }

    int exitCode() {
        return exitCode;
    }
}
