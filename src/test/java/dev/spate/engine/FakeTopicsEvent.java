package dev.spate.engine;

import dev.spate.job.JobRecord;
import java.time.Duration;
import java.time.Instant;

/**
 * Something that happened in {@link FakeTopics}, whoever was told of it. {@code by} is the process
 * of a worker.
 */
public sealed interface FakeTopicsEvent {

    /** When, by the brokers' clock. */
    Instant at();

    /** Somebody wrote a message. */
    record Published(Instant at, int shard, Incoming message) implements FakeTopicsEvent {}

    /** A shard has a new owner, and the owner before is fenced. */
    record Opened(Instant at, int shard, String by, long epoch) implements FakeTopicsEvent {}

    /** A message reached an owner. */
    record Delivered(Instant at, int shard, String by, long offset) implements FakeTopicsEvent {}

    /** Came true for every reader. */
    record Committed(Instant at, int shard, String by, Commit commit) implements FakeTopicsEvent {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            for (JobRecord record : commit.records()) {
                text.append(' ')
                        .append(record.id())
                        .append(" #")
                        .append(record.sequence())
                        .append(' ')
                        .append(record.isCancelled() ? "cancelled " : "")
                        .append(record.state().word())
                        .append('/')
                        .append(record.state().attempt());
            }
            commit.results()
                    .forEach(
                            result ->
                                    text.append(" result ")
                                            .append(result.id())
                                            .append(' ')
                                            .append(result.outcome().word())
                                            .append(
                                                    result.error()
                                                            .map(why -> " (" + why + ")")
                                                            .orElse("")));
            commit.rejects().forEach(reject -> text.append(" reject at ").append(reject.offset()));
            commit.forgotten().forEach(id -> text.append(" forget ").append(id));
            commit.consumedTo().ifPresent(offset -> text.append(" consumed to ").append(offset));
            return text.isEmpty() ? "nothing" : text.substring(1);
        }
    }

    /** A transaction did not go as usual. */
    record Troubled(Instant at, int shard, String by, FakeBrokers.Fate fate, Duration delay)
            implements FakeTopicsEvent {}

    /** An owner was told that it has lost its journal. */
    record Lost(Instant at, int shard, String by, String why) implements FakeTopicsEvent {}
}
