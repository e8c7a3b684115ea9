package dev.spate.simulation;

import dev.spate.engine.FakeOutputLog;
import dev.spate.engine.FakeTopicsEvent;
import dev.spate.fleet.FakeCloudEvent;
import dev.spate.fleet.FakeGroundEvent;
import dev.spate.job.MachineId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Something that really happened, whoever knew of it. */
sealed interface Event {

    /** When, by the world's wall clock. */
    Instant at();

    /** In the topics. */
    record InTopics(FakeTopicsEvent what) implements Event {
        @Override
        public Instant at() {
            return what.at();
        }
    }

    /** In the cloud. */
    record InCloud(FakeCloudEvent what) implements Event {
        @Override
        public Instant at() {
            return what.at();
        }
    }

    /** On a machine, or on the way to it. */
    record OnGround(FakeGroundEvent what) implements Event {
        @Override
        public Instant at() {
            return what.at();
        }
    }

    /**
     * A worker has published output.
     *
     * @param by its process
     */
    record Output(Instant at, String by, FakeOutputLog.Entry entry) implements Event {}

    /** To a worker's process: {@code started}, {@code crashed}, {@code paused}, ... */
    record ToWorker(Instant at, String worker, String what) implements Event {}

    /** The weather struck, at one machine or at all that can be struck. */
    record Struck(Instant at, Fault fault, Optional<MachineId> machine, String what)
            implements Event {}

    /** The weather is fine from now on. */
    record Cleared(Instant at) implements Event {}

    /**
     * The history is over.
     *
     * @param unfinished what should have come to an end, and has not
     */
    record Ended(Instant at, List<String> unfinished) implements Event {
        public Ended {
            unfinished = List.copyOf(unfinished);
        }
    }
}
