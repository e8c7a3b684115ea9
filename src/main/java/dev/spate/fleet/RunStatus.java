package dev.spate.fleet;

/** What a machine says of a run. */
public sealed interface RunStatus {

    /** The start lock has not been taken. */
    record NotStarted() implements RunStatus {}

    /** It runs. */
    record Running() implements RunStatus {}

    /** It is over. */
    sealed interface Ended extends RunStatus {}

    /**
     * It ended by itself.
     *
     * @param code 0 to 255; 128 + n if signal n ended it
     */
    record Exited(int code) implements Ended {}

    /** The machine ended it because its time was up. */
    record TimedOut() implements Ended {}

    /** It was stopped because somebody asked for it with {@link Shell#stop}. */
    record Stopped() implements Ended {}

    /** It was started, it has left no exit code, and there is no sign of life. */
    record Vanished(String why) implements Ended {}
}
