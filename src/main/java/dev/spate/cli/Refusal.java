package dev.spate.cli;

import dev.spate.job.Text;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/** A command that cannot go on, and says why, a line for each reason. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What Kafka's clients say when they have found nobody to ask. */
    private static final List<String> SILENCE =
            List.of("fetching topic metadata", "waiting for a node assignment");

    private final int exitCode;

    private final transient List<String> reasons;

    private Refusal(int exitCode, List<String> reasons) {
        super(String.join("; ", reasons));
        this.exitCode = exitCode;
        this.reasons = List.copyOf(reasons);
    }

    /** The call is wrong; exit code 2. */
    static Refusal usage(String message) {
        return new Refusal(Main.EXIT_USAGE, List.of(message));
    }

    /** The call is right, but it did not work; exit code 1. */
    static Refusal failure(String message) {
        return failure(List.of(message));
    }

    /** The same, for several reasons. */
    static Refusal failure(List<String> reasons) {
        return new Refusal(Main.EXIT_FAILURE, reasons);
    }

    /** Why, a line each. */
    List<String> reasons() {
        return reasons;
    }

    /** Kafka does not do what was asked of it. */
    static Refusal ofKafka(String servers, KafkaException why) {
        String reason = Text.oneLine(Main.reason(why));
        boolean isSilent =
                why instanceof TimeoutException && SILENCE.stream().anyMatch(reason::contains);
        return failure("Kafka at " + servers + ": " + (isSilent ? "nobody answers" : reason));
    }

    int exitCode() {
        return exitCode;
    }
}
