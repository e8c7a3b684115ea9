package dev.spate.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A job, what is sent about it and when, and what has to come of it.
 *
 * @param id of the job, and the key of its messages
 * @param kind for the table
 * @param messages in the order in which they are sent
 * @param expected what its one result may say
 * @param rejects how many of its messages have to be in the rejects topic
 */
record ChaosJob(String id, String kind, List<Message> messages, Expectation expected, int rejects) {

    ChaosJob {
        messages = List.copyOf(messages);
    }

    /**
     * A record of the jobs topic.
     *
     * @param after the beginning of the run
     * @param value empty: the job is cancelled
     */
    record Message(Duration after, Optional<String> value) {}

    /**
     * What a result may say.
     *
     * @param outcomes any of these
     * @param exitCode if it has succeeded or failed
     * @param output what each member that did not run in the background must have written, if it
     *     has succeeded or failed; by the member's name
     * @param members how many machines the job has, if it was run
     */
    record Expectation(
            Set<String> outcomes, int exitCode, Map<String, String> output, int members) {

        Expectation {
            outcomes = Set.copyOf(outcomes);
            output = Map.copyOf(output);
        }
    }

    /** Whether its run may be made to end early, by a cancellation or its time limit. */
    boolean mayBeEnded() {
        return expected.outcomes().contains("cancelled")
                || expected.outcomes().contains("timed-out");
    }
}
