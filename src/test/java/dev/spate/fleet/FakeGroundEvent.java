package dev.spate.fleet;

import dev.spate.job.JobId;
import dev.spate.job.MachineId;
import java.time.Duration;
import java.time.Instant;

/**
 * Something that happened on a machine or on the way to it, whoever was told of it. {@code by} is
 * the thread of the worker that asked for it.
 */
public sealed interface FakeGroundEvent {

    /** When, by the ground's clock. */
    Instant at();

    /** Where. */
    MachineId machine();

    /**
     * Somebody authenticated.
     *
     * @param machine whom it was meant for
     * @param other who it really was; the same, if all is well
     */
    record LoggedIn(Instant at, String by, MachineId machine, MachineId other)
            implements FakeGroundEvent {}

    /** Somebody did not, because the machine showed another host key than expected. */
    record Mistrusted(Instant at, String by, MachineId machine) implements FakeGroundEvent {}

    /** Somebody could not connect, or not log in. */
    record NotReached(Instant at, String by, MachineId machine, String why)
            implements FakeGroundEvent {}

    /**
     * A connection broke under an exchange; {@code isDone} tells whether what was asked for was
     * done.
     */
    record Broke(Instant at, String by, MachineId machine, boolean isDone)
            implements FakeGroundEvent {}

    /** A machine was prepared. */
    record SetUp(Instant at, String by, MachineId machine) implements FakeGroundEvent {}

    /** A run was really started. */
    record Started(Instant at, String by, MachineId machine, RunKey key)
            implements FakeGroundEvent {}

    /** A run was asked to start that had been started. */
    record StartedBefore(Instant at, String by, MachineId machine, RunKey key)
            implements FakeGroundEvent {}

    /** A run that was still going was stopped on request. */
    record Stopped(Instant at, String by, MachineId machine, RunKey key)
            implements FakeGroundEvent {}

    /** A run ended, in whatever way. */
    record Ended(Instant at, MachineId machine, RunKey key, RunStatus.Ended how)
            implements FakeGroundEvent {}

    /** The machine acts for an owner of the job's shard. */
    record Served(Instant at, String by, MachineId machine, JobId job, long epoch)
            implements FakeGroundEvent {}

    /** The machine would not act for an owner of the job's shard, for it has seen a later one. */
    record Refused(Instant at, String by, MachineId machine, JobId job, long epoch)
            implements FakeGroundEvent {}

    /** The machine's lease was moved. */
    record Extended(Instant at, String by, MachineId machine, Duration lease)
            implements FakeGroundEvent {}
}
