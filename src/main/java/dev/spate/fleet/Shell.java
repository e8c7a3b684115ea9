package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.job.Answer;
import dev.spate.job.OutputFile;
import dev.spate.job.RelativePath;
import java.time.Duration;
import java.util.Optional;

/**
 * A connection to a machine, and what can be done over it.
 *
 * <p>Every call blocks until the machine has answered, at most until the deadline, and answers
 * INFRASTRUCTURE if the connection fails: connect again and call again, for each call can be
 * repeated without harm. Safe for several threads.
 *
 * <p>{@link #start}, {@link #watch} and {@link #stop} are done in the name of the shard's owner.
 * The machine remembers the last owner that has had to do with a job, and refuses an earlier one,
 * which may have been stopped for long and does not know yet: {@link StaleOwner} is thrown.
 */
public interface Shell extends AutoCloseable {

    /** A call that has nothing to tell but that it worked. */
    enum Done {
        DONE
    }

    /** Whether the connection still stands, as far as this end can tell. Never blocks. */
    boolean isOpen();

    /**
     * Prepares the machine, unless it has that preparation already.
     *
     * @return JOB, with the end of what it wrote, if the script failed or took too long
     */
    Answer<Done> setUp(Setup setup, Deadline deadline) throws InterruptedException;

    /**
     * Carries the run to the machine and starts it, unless it has been started before: a second
     * start only reports. The run goes on when the connection ends.
     *
     * @return what the run is doing now: never {@link RunStatus.NotStarted}
     */
    Answer<RunStatus> start(Run run, Deadline deadline) throws InterruptedException;

    /** Looks at a run. */
    Answer<RunStatus> status(RunKey key, Deadline deadline) throws InterruptedException;

    /**
     * Follows a run to its end, handing over what it writes, as far as the sink wants it. All that
     * is handed over before the end is told. A run that writes faster than a connection carries
     * delays nobody else: what the sink does not want is not fetched.
     *
     * @param outOffset where to begin in standard output, in bytes
     * @param errOffset where to begin in standard error, in bytes
     */
    Answer<RunStatus.Ended> watch(
            RunKey key, long outOffset, long errOffset, OutputSink sink, Deadline deadline)
            throws InterruptedException;

    /**
     * Asks a run and all its processes to end, and after a grace makes them. Returns when they
     * have.
     */
    Answer<Done> stop(RunKey key, Deadline deadline) throws InterruptedException;

    /**
     * Fetches a declared output: a plain file inside the working directory, reached through no
     * symbolic link.
     *
     * @return JOB if there is no such file, or it is not plain, or larger than an output may be
     */
    Answer<OutputFile> fetch(RunKey key, RelativePath path, Deadline deadline)
            throws InterruptedException;

    /**
     * Waits until the cloud gives notice that it takes the machine back soon.
     *
     * @return what the notice says; empty if the machine has no way to learn of one
     */
    Answer<Optional<String>> awaitNotice(Deadline deadline) throws InterruptedException;

    /** Sets the machine's shutdown timer to this long from now. */
    Answer<Done> extendLease(Duration lease, Deadline deadline) throws InterruptedException;

    /** Drops the connection at once. Idempotent. */
    @Override
    void close();
}
