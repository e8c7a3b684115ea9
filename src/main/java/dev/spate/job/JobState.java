package dev.spate.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far a job has come. What is journalled, and what a worker that takes over goes on from.
 *
 * <p>A transition is a method of the state it leaves; there are no others:
 *
 * <pre>
 *               ┌───────────────◄────────────────┐
 *   Waiting ─► Launching ─► Preparing ─► Running ─► Retreating
 *      ▲           │            │                      │  ▲
 *      └───────────┴────────────│──────────────────────┘  │
 *                               └─────────────────────────┘
 *   any of these ─► Settled ─► Released
 * </pre>
 */
public sealed interface JobState {

    /** The attempt this state belongs to, from 1; for a waiting job, the one to come. */
    int attempt();

    /** The machines that are the job's in this state. */
    default List<Hold> machines() {
        return List.of();
    }

    /** Whether the job has its result. */
    default boolean isSettled() {
        return false;
    }

    /** A state from which a job can still be settled: all but the last two. */
    sealed interface Open extends JobState {
        /**
         * The job has its result; what machines it has are to be given back.
         *
         * @param owed the machines to give back
         */
        default Settled settle(Ending ending, Instant at, List<Hold> owed) {
            return new Settled(attempt(), ending, at, owed);
        }
    }

    /**
     * No machine is held or asked for, because there was none to be had or because the last attempt
     * has just been cleared away.
     *
     * @param notBefore when to ask again, by the wall clock
     * @param why what it waits for
     */
    record Waiting(int attempt, Instant notBefore, Failure why) implements Open {
        public Waiting {
            requireAttempt(attempt);
        }

        /** New machines are asked for, idle ones taken, or both. */
        public Launching launch(List<Seat> seats, List<Hold> reused) {
            return new Launching(attempt, seats, reused);
        }
    }

    /**
     * Machines are asked for; whether they exist only the cloud knows.
     *
     * @param seats for the members who get a new machine
     * @param reused for the members who get a machine that has served a job before
     */
    record Launching(int attempt, List<Seat> seats, List<Hold> reused) implements Open {
        public Launching {
            requireAttempt(attempt);
            seats = List.copyOf(seats);
            reused = List.copyOf(reused);
            if (seats.isEmpty() && reused.isEmpty()) {
                throw new IllegalArgumentException(
                        "seats: expected at least one machine, found none");
            }
        }

        @Override
        public List<Hold> machines() {
            return reused;
        }

        /** Every member has a machine. */
        public Preparing prepare(List<Hold> machines) {
            return new Preparing(attempt, machines);
        }

        /** Nothing came, and nothing was held: ask again later. */
        public Waiting await(Instant notBefore, Failure why) {
            return new Waiting(attempt, notBefore, why);
        }

        /**
         * Not every member got a machine: those that did not come are not there, and those that did
         * go back first.
         */
        public Retreating retreat(List<Hold> machines, Failure why) {
            return new Retreating(attempt, machines, why, attempt);
        }
    }

    /**
     * The machines exist, and boot, are connected to and set up. The job may have been started, but
     * nobody has said so yet.
     */
    record Preparing(int attempt, List<Hold> machines) implements Open {
        public Preparing {
            requireAttempt(attempt);
            machines = List.copyOf(machines);
            requireMachines(machines);
        }

        /** The job has been started on every machine. */
        public Running run(Instant startedAt) {
            return new Running(attempt, machines, startedAt);
        }

        /** The attempt failed; its machines go back, and then comes another. */
        public Retreating retreat(Failure why) {
            return new Retreating(attempt, machines, why, attempt + 1);
        }
    }

    /**
     * The job runs.
     *
     * @param startedAt by the wall clock of the worker that started it
     */
    record Running(int attempt, List<Hold> machines, Instant startedAt) implements Open {
        public Running {
            requireAttempt(attempt);
            machines = List.copyOf(machines);
            requireMachines(machines);
        }

        /** The attempt failed; its machines go back, and then comes another. */
        public Retreating retreat(Failure why) {
            return new Retreating(attempt, machines, why, attempt + 1);
        }
    }

    /**
     * The machines of a failed attempt are being terminated. Only when they are known to be gone
     * may another attempt begin.
     *
     * @param why what the attempt failed with
     * @param nextAttempt the attempt to come; the same again if this one never began
     */
    record Retreating(int attempt, List<Hold> machines, Failure why, int nextAttempt)
            implements Open {
        public Retreating {
            requireAttempt(attempt);
            machines = List.copyOf(machines);
            if (nextAttempt != attempt && nextAttempt != attempt + 1) {
                throw new IllegalArgumentException(
                        "nextAttempt: expected "
                                + attempt
                                + " or "
                                + (attempt + 1)
                                + ", found "
                                + nextAttempt);
            }
        }

        /** The machines are gone. */
        public Waiting await(Instant notBefore) {
            return new Waiting(nextAttempt, notBefore, why);
        }
    }

    /**
     * The result is published.
     *
     * @param ending what it says, in short
     * @param at when it was made
     * @param owed the machines still to be given back
     */
    record Settled(int attempt, Ending ending, Instant at, List<Hold> owed) implements JobState {
        public Settled {
            owed = List.copyOf(owed);
        }

        @Override
        public List<Hold> machines() {
            return owed;
        }

        @Override
        public boolean isSettled() {
            return true;
        }

        /** The machines are given back. */
        public Released release() {
            return new Released(attempt, ending, at);
        }
    }

    /**
     * Nothing is left to do; the job is remembered so that its id is not taken twice.
     *
     * @param ending what the result says, in short
     * @param at when the result was made
     */
    record Released(int attempt, Ending ending, Instant at) implements JobState {
        @Override
        public boolean isSettled() {
            return true;
        }
    }

    /** What a person reads: {@code running}. */
    default String word() {
        return switch (this) {
            case Waiting _ -> "waiting";
            case Launching _ -> "launching";
            case Preparing _ -> "preparing";
            case Running _ -> "running";
            case Retreating _ -> "retreating";
            case Settled _ -> "settled";
            case Released _ -> "released";
        };
    }

    /** What came of the job, once that is known. */
    default Optional<Ending> endingIfSettled() {
        return switch (this) {
            case Settled settled -> Optional.of(settled.ending());
            case Released released -> Optional.of(released.ending());
            case Waiting _, Launching _, Preparing _, Running _, Retreating _ -> Optional.empty();
        };
    }

    private static void requireAttempt(int attempt) {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt: expected at least 1, found " + attempt);
        }
    }

    private static void requireMachines(List<Hold> machines) {
        if (machines.isEmpty()) {
            throw new IllegalArgumentException("machines: expected at least one, found none");
        }
    }
}
