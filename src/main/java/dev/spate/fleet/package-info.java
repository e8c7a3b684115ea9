/**
 * Machines, held and returned: which to ask for, how to know about them, and how to be rid of them.
 *
 * <p>Start with {@link dev.spate.fleet.Fleet}, what the engine talks to. Two ports lead outside:
 * {@link dev.spate.fleet.Cloud} (machines exist) and {@link dev.spate.fleet.Shells} (things happen
 * on machines). Whatever was to be expected to fail comes back as a {@link dev.spate.job.Failure}.
 *
 * <p>Knows nothing of Kafka, of EC2's or SSH's protocols, or of what a job is for. Blocking calls
 * take a {@link dev.spate.async.Deadline} and answer interruption; they are made on virtual
 * threads.
 */
@NullMarked
package dev.spate.fleet;

import org.jspecify.annotations.NullMarked;
