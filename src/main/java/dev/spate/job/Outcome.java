package dev.spate.job;

import java.util.Locale;

/** What became of a job, in a word. */
public enum Outcome {
    /** It ran, and every role that is not in the background exited with zero. */
    SUCCEEDED,
    /** It ran, and exited with something else; or its setup did. */
    FAILED,
    /** It ran longer than its timeout. */
    TIMED_OUT,
    /** Somebody asked for it not to be done. */
    CANCELLED,
    /** Its message could not be accepted. */
    REJECTED,
    /** No machines were to be had within its patience. */
    UNAVAILABLE,
    /** Its machines were lost, and its retries are spent. */
    LOST,
    /** Spate could not do its part. */
    ERROR;

    /** As messages and metrics write it, such as {@code timed-out}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The outcome of that name. */
    public static Outcome parse(String word) {
        for (Outcome outcome : values()) {
            if (outcome.word().equals(word)) {
                return outcome;
            }
        }
        throw new IllegalArgumentException(
                "expected an outcome such as succeeded, found " + Text.quoted(word));
    }

    /** What becomes of a job whose last attempt ended with this kind of failure. */
    public static Outcome of(Failure.Kind kind) {
        return switch (kind) {
            case INVALID -> REJECTED;
            case CAPACITY, QUOTA, THROTTLED -> UNAVAILABLE;
            case LOST -> LOST;
            case TIMEOUT -> TIMED_OUT;
            case JOB -> FAILED;
            case CANCELLED -> CANCELLED;
            case INFRASTRUCTURE, SECURITY, INTERNAL -> ERROR;
        };
    }
}
