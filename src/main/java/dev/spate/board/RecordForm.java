package dev.spate.board;

import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import java.util.Optional;
import java.util.function.Function;

/**
 * How the journal writes records. A job is most of a record and the same in all of its records, so
 * that whoever reads or writes many of them does that part once.
 *
 * @param decoder reads a record
 * @param jobEncoder writes a job
 * @param encoder writes a record
 */
public record RecordForm(Decoder decoder, Function<Job, String> jobEncoder, Encoder encoder) {

    /** Reads records of the journal. */
    @FunctionalInterface
    public interface Decoder {

        /**
         * Reads a record.
         *
         * @param before another record of the same id; if it is of the same job, what cannot have
         *     changed since is taken over and not read again
         * @throws IllegalArgumentException if it cannot be read
         */
        JobRecord decode(byte[] value, Optional<JobRecord> before);
    }

    /** Writes records of the journal. */
    @FunctionalInterface
    public interface Encoder {

        /**
         * Writes a record.
         *
         * @param job the record's job as the job encoder writes it
         */
        byte[] encode(JobRecord record, String job);
    }

    JobRecord decode(byte[] value) {
        return decoder.decode(value, Optional.empty());
    }

    JobRecord decode(byte[] value, Optional<JobRecord> before) {
        return decoder.decode(value, before);
    }

    String encodeJob(Job job) {
        return jobEncoder.apply(job);
    }

    byte[] encode(Trimmed trimmed) {
        return encoder.encode(trimmed.record(), trimmed.job());
    }
}
