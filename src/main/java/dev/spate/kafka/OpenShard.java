package dev.spate.kafka;

import dev.spate.async.Deadline;
import dev.spate.engine.JobSource;
import org.jspecify.annotations.Nullable;

/**
 * A shard that is open.
 *
 * @param onClose run before its producer is closed
 */
record OpenShard(JobSource.Shard shard, KafkaJournal journal, Intake intake, Runnable onClose) {

    /** Writes what was appended, and closes. Blocks until the deadline at most. */
    void close(Deadline deadline) throws InterruptedException {
        intake.batches().close();
        onClose.run();
        journal.close(deadline);
    }

    /** Writes nothing more, and closes. */
    void abandon(String why, @Nullable Throwable cause) {
        intake.batches().close();
        onClose.run();
        journal.abandon(why, cause);
    }
}
