/**
 * One job's path and one shard's life: from a claimed message to a published result.
 *
 * <p>Start with {@link dev.spate.engine.Worker}. Ports lead outside: {@link
 * dev.spate.engine.JobSource} (shards come and go, and with them messages) and {@link
 * dev.spate.engine.Journal} (what is true of a shard's jobs; results and rejects go out with it in
 * one transaction).
 *
 * <p>Knows nothing of Kafka, EC2 or SSH. Every job has a virtual thread of its own, which blocks
 * through the {@link dev.spate.async.Scheduler}.
 */
@NullMarked
package dev.spate.engine;

import org.jspecify.annotations.NullMarked;
