package dev.spate.chaos;

import java.time.Duration;

/** Something that the harness does to a process, or to the weather in the cloud. */
sealed interface Blow {

    /** {@code kill -9} of a worker. */
    record Kill(int worker) implements Blow {}

    /** {@code kill -TERM} of a worker. */
    record Terminate(int worker) implements Blow {}

    /** {@code kill -STOP} of a worker, for longer than its session lasts. */
    record Stop(int worker) implements Blow {}

    /** {@code kill -CONT} of that worker. */
    record Continue(int worker) implements Blow {}

    /** A new worker in the place of the one that was ended. */
    record Start(int worker) implements Blow {}

    /** {@code kill -9} of the broker. */
    record KillBroker() implements Blow {}

    /** {@code kill -TERM} of the broker. */
    record TerminateBroker() implements Blow {}

    /** The broker again, on the same data. */
    record StartBroker() implements Blow {}

    /** Another weather in the cloud, by a name and a value of its settings. */
    record Weather(String name, String value) implements Blow {}

    /** What it is counted as; empty if it does no harm. */
    default String kind() {
        return switch (this) {
            case Kill _ -> "kill -9";
            case Terminate _ -> "SIGTERM";
            case Stop _ -> "SIGSTOP";
            case KillBroker _ -> "broker kill -9";
            case TerminateBroker _ -> "broker SIGTERM";
            case Continue _, Start _, StartBroker _, Weather _ -> "";
        };
    }

    /** Whether it counts as a kill. */
    default boolean isKill() {
        return !kind().isEmpty();
    }

    /** In words, for the plan. */
    default String words() {
        return switch (this) {
            case Kill(int worker) -> "kill -9 worker " + worker;
            case Terminate(int worker) -> "kill -TERM worker " + worker;
            case Stop(int worker) -> "kill -STOP worker " + worker;
            case Continue(int worker) -> "kill -CONT worker " + worker;
            case Start(int worker) -> "start worker " + worker;
            case KillBroker() -> "kill -9 broker";
            case TerminateBroker() -> "kill -TERM broker";
            case StartBroker() -> "start broker";
            case Weather(String name, String value) -> "cloud " + name + " = " + value;
        };
    }

    /**
     * A blow and when it comes.
     *
     * @param after the beginning of the run
     */
    record Timed(Duration after, Blow blow) {

        @Override
        public String toString() {
            return "%7.1f s  %s".formatted(after.toMillis() / 1e3, blow.words());
        }
    }
}
