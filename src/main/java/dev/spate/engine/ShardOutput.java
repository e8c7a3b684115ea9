package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.Member;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * The live output of a shard's jobs.
 *
 * @param log where it goes
 * @param shard the shard's number
 * @param settings how much of it there may be
 */
record ShardOutput(OutputLog log, int shard, EngineSettings settings) {

    /** How long a result waits for the output that belongs before it. */
    private static final Duration FLUSH_MAX = Duration.ofSeconds(2);

    /** What takes the output of one member in one attempt. */
    RunOutput of(JobRecord record, int attempt, Member member) {
        return new RunOutput(
                new Capture(settings.headBytesMax(), settings.tailBytesMax()),
                log,
                bytesMax(record.job()),
                stream ->
                        new OutputLog.Source(
                                shard, record.id(), member, attempt, stream, record.trace()));
    }

    /**
     * Blocks until all that was published can be read, for two seconds at most: whoever sees a
     * result finds the output, unless Kafka is in trouble.
     */
    void flush(Scheduler scheduler) throws InterruptedException {
        try {
            Blocking.on(scheduler, log.flush(), Deadline.after(scheduler, FLUSH_MAX));
        } catch (TimeoutException tooSlow) {
            // Readers are told of the gap; the result is worth more than they.
        }
    }

    /** The job's members share it equally, so that what each may have depends on nobody's haste. */
    private long bytesMax(Job job) {
        return job.isLogged() ? settings.logBytesMax() / job.members().size() : 0;
    }
}
