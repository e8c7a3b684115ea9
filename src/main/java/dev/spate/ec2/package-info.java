/**
 * EC2: the {@link dev.spate.fleet.Cloud} over the AWS SDK's asynchronous client.
 *
 * <p>Start with {@link dev.spate.ec2.Ec2Cloud}; {@link dev.spate.ec2.Ec2Settings} says what can be
 * set. Every HTTP call goes through one class, which keeps below the account's rate limits, repeats
 * what can be repeated, counts, and translates: an exception of the SDK never leaves this package,
 * and one table says what each of EC2's error codes means to a job.
 *
 * <p>Knows machines and launches; knows nothing of what runs on them, of SSH, of Kafka, or of other
 * clouds. The SDK's futures are awaited on the caller's virtual thread, through the scheduler.
 */
@NullMarked
package dev.spate.ec2;

import org.jspecify.annotations.NullMarked;
