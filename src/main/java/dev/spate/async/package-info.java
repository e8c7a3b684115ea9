/**
 * Batches, joins, races, retries and time: the async core, and all of Spate's waiting.
 *
 * <p>Start with {@link dev.spate.async.BatchIterator}, the batching async iterator that every
 * conversation with the outside goes through, and {@link dev.spate.async.Scheduler}, the only place
 * where time passes.
 *
 * <p>This package knows nothing of Kafka, EC2, SSH or jobs, and depends on the JDK and SLF4J alone.
 * Every type is safe for use by several threads unless it says otherwise. Whatever blocks takes a
 * {@link dev.spate.async.Deadline} and answers interruption.
 */
@NullMarked
package dev.spate.async;

import org.jspecify.annotations.NullMarked;
