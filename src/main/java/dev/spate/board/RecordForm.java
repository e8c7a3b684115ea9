package dev.spate.board;

import dev.spate.job.JobRecord;
import java.util.Optional;
import java.util.function.Function;

/**
 * How the journal writes records.
 *
 * @param decoder reads one
 * @param encoder writes one
 */
public record RecordForm(Decoder decoder, Function<JobRecord, byte[]> encoder) {

    /** Reads records of the journal. */
    @FunctionalInterface
    public interface Decoder {

        /**
         * Reads a record.
         *
         * @param before another record of the same id; if it is of the same job, that job is taken
         *     over and not read again
         * @throws IllegalArgumentException if it cannot be read
         */
        JobRecord decode(byte[] value, Optional<JobRecord> before);
    }

    JobRecord decode(byte[] value) {
        return decoder.decode(value, Optional.empty());
    }

    JobRecord decode(byte[] value, Optional<JobRecord> before) {
        return decoder.decode(value, before);
    }

    byte[] encode(JobRecord record) {
        return encoder.apply(record);
    }
}
