package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.job.Answer;
import java.util.Optional;

/**
 * Marks on machines that several workers share, which say who has one. For clouds that have no
 * better place for that. Safe for any number of threads.
 *
 * <p>A claim is one line of words of letters, digits, {@code .}, {@code _} and {@code -}, each
 * beginning with a letter or digit. Every call connects, and answers as {@link Shells#connect} and
 * {@link Shell} do.
 */
public interface Claims {

    /**
     * Takes a machine, unless somebody has it.
     *
     * @return the claim that is on it now: the one given, if the machine was free or had it already
     */
    Answer<String> claim(Target target, String claim, Deadline deadline)
            throws InterruptedException;

    /** The claim on a machine; empty if nobody has it. */
    Answer<Optional<String>> claimed(Target target, Deadline deadline) throws InterruptedException;

    /**
     * Ends whatever runs on a machine, forgets it, and takes the claim away. Does nothing if the
     * machine has another claim, or none.
     */
    Answer<Shell.Done> release(Target target, String claim, Deadline deadline)
            throws InterruptedException;
}
