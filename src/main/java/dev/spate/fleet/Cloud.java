package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.MachineId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where machines come from. One for a worker; safe for any number of threads.
 *
 * <p>Every call blocks until the cloud has answered, at most until the deadline; it stays below the
 * cloud's rate limits by waiting, and repeats what can safely be repeated. Failures that were to be
 * expected are answers.
 */
public interface Cloud extends AutoCloseable {

    /** The most machines one call may name. */
    int IDS_MAX = 500;

    /**
     * Looks up images and machine types. What does not exist is simply missing from the answer.
     *
     * @param images ids or names
     * @param types names of machine types
     */
    Answer<Catalog> catalog(Set<String> images, Set<String> types, Deadline deadline)
            throws InterruptedException;

    /**
     * Starts machines, once: the same launch again answers with the same machines, in their present
     * state.
     *
     * @param userData what the machines are told at their first boot, as text
     * @return one to {@code launch.count()} machines with distinct indexes; or CAPACITY or QUOTA
     *     (nothing was started; a cloud that refuses this worker answers CAPACITY too, as long as
     *     it is certain that no earlier call has started anything), THROTTLED or INFRASTRUCTURE
     *     (nobody knows whether something was started: call again), or INVALID
     */
    Answer<List<Machine>> launch(Launch launch, String userData, Deadline deadline)
            throws InterruptedException;

    /**
     * Looks at machines by id. An id the cloud does not know is missing from the answer; that is no
     * proof that the machine does not exist, for the cloud's reads lag behind its writes.
     *
     * @param ids at most {@link #IDS_MAX}
     */
    Answer<List<Machine>> describe(Set<MachineId> ids, Deadline deadline)
            throws InterruptedException;

    /** All machines of the group that are not gone, whoever launched them. */
    Answer<List<Machine>> list(Deadline deadline) throws InterruptedException;

    /**
     * Ends machines. Those already going or gone, and those the cloud does not know, count as done;
     * one that cannot be ended does not keep the others.
     *
     * @param ids at most {@link #IDS_MAX}
     * @return the machines that could not be ended, and why
     */
    Answer<Map<MachineId, Failure>> terminate(Set<MachineId> ids, Deadline deadline)
            throws InterruptedException;

    /**
     * The end of the machine's console output, for a person who wonders why it does not come up.
     * May be empty.
     */
    Answer<String> console(MachineId id, Deadline deadline) throws InterruptedException;

    @Override
    void close();
}
