/**
 * The vocabulary: what a job is, what becomes of it, and what can go wrong.
 *
 * <p>Start with {@link dev.spate.job.Job} (what somebody asked for), {@link dev.spate.job.JobState}
 * (how far it has come; its methods are the only legal transitions) and {@link
 * dev.spate.job.JobResult} (what came of it).
 *
 * <p>Immutable data only, valid from the constructor on: an {@link
 * java.lang.IllegalArgumentException} names field, bound and value. Depends on the JDK alone; knows
 * no JSON, no Kafka, no EC2 and no SSH. Safe for any thread.
 */
@NullMarked
package dev.spate.job;

import org.jspecify.annotations.NullMarked;
