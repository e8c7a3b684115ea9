/**
 * Kafka as the engine sees it: shards of jobs in, journal, results and rejects out.
 *
 * <p>Start with {@link dev.spate.kafka.KafkaJobSource}, which owns the consumer and opens shards,
 * and {@link dev.spate.kafka.KafkaJournal}, which turns commits into transactions. {@link
 * dev.spate.kafka.JobMessages}, {@link dev.spate.kafka.Records} and {@link dev.spate.kafka.Results}
 * are the messages' form.
 *
 * <p>Nothing here knows what a job does or what a machine is; nothing outside knows Kafka. One
 * thread owns the consumer and never waits for work; a shard's producer belongs to the one virtual
 * thread of its journal.
 */
@NullMarked
package dev.spate.kafka;

import org.jspecify.annotations.NullMarked;
