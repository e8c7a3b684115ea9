package dev.spate.board;

import dev.spate.job.JobRecord;
import java.util.function.Function;

/**
 * How the journal writes records.
 *
 * @param decode reads one; an {@link IllegalArgumentException} if it cannot be read
 * @param encode writes one
 */
public record RecordForm(Function<byte[], JobRecord> decode, Function<JobRecord, byte[]> encode) {}
