package dev.spate.board;

import dev.spate.job.JobState;
import dev.spate.job.Text;
import java.util.Locale;

/** How far a job has come, in a word: a {@link JobState} without what belongs to it. */
public enum Stage {
    WAITING,
    LAUNCHING,
    PREPARING,
    RUNNING,
    RETREATING,
    SETTLED,
    RELEASED;

    /** The stage of that state. */
    public static Stage of(JobState state) {
        return switch (state) {
            case JobState.Waiting _ -> WAITING;
            case JobState.Launching _ -> LAUNCHING;
            case JobState.Preparing _ -> PREPARING;
            case JobState.Running _ -> RUNNING;
            case JobState.Retreating _ -> RETREATING;
            case JobState.Settled _ -> SETTLED;
            case JobState.Released _ -> RELEASED;
        };
    }

    /** Whether the job has its result. */
    public boolean isSettled() {
        return this == SETTLED || this == RELEASED;
    }

    /** What a person reads: {@code running}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The stage of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Stage parse(String word) {
        for (Stage stage : values()) {
            if (stage.word().equals(word)) {
                return stage;
            }
        }
        throw new IllegalArgumentException(
                "expected a state such as running, found " + Text.quoted(word));
    }
}
