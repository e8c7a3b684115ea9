package dev.spate.engine;

import dev.spate.job.Failure;

/**
 * A message that cannot be carried out, on its way to the rejects topic.
 *
 * @param offset its place in the shard
 * @param why what is wrong with it
 * @param raw the message; for a message that could be decoded, what the source kept of it
 */
public record Reject(long offset, Failure why, RawMessage raw) {}
