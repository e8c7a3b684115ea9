package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.job.Answer;

/** The way onto machines. One for a worker; safe for any number of threads. */
public interface Shells extends AutoCloseable {

    /**
     * Tries once to connect, verify the machine and log in.
     *
     * @return a connection, or INFRASTRUCTURE (nobody answers, or not in time, or the login is
     *     refused), or SECURITY (the machine is not the one it should be; not a byte of
     *     authentication was sent)
     */
    Answer<Shell> connect(Target target, Deadline deadline) throws InterruptedException;

    /** Closes every connection; runs go on. */
    @Override
    void close();
}
