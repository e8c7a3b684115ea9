package dev.spate.fleet;

import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/**
 * Something that happened in a {@link FakeCloud}, whoever was told of it. {@code by} is the name of
 * the thread that made the call, {@code ""} for what the cloud did by itself.
 */
public sealed interface FakeCloudEvent {

    /** When, by the cloud's clock. */
    Instant at();

    /** A machine was made. */
    record Made(
            Instant at, String by, MachineId machine, LaunchToken token, int index, Launch launch)
            implements FakeCloudEvent {}

    /**
     * A machine appeared that no worker had asked for.
     *
     * @param isOfGroup whether its tags say that it is the group's
     */
    record Appeared(Instant at, MachineId machine, boolean isOfGroup) implements FakeCloudEvent {}

    /** A call failed, or its reply was lost. */
    record Failed(
            Instant at, String by, FakeCloud.Action action, Failure why, FakeFaults.Effect effect)
            implements FakeCloudEvent {}

    /** A call took longer. */
    record Slowed(Instant at, String by, FakeCloud.Action action, Duration time)
            implements FakeCloudEvent {}

    /** A launch with a known token was answered with the machines made before. */
    record MadeBefore(Instant at, String by, LaunchToken token) implements FakeCloudEvent {}

    /** A machine was told to end. */
    record TerminationAsked(Instant at, String by, MachineId machine) implements FakeCloudEvent {}

    /** A machine stopped working: nothing runs on it from here on. */
    record Stopped(Instant at, MachineId machine, OptionalInt shard, String why)
            implements FakeCloudEvent {}

    /** Somebody did what nobody may do, such as another launch under the same token. */
    record Violation(Instant at, String by, String what) implements FakeCloudEvent {}
}
