package dev.spate.fleet;

import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
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
