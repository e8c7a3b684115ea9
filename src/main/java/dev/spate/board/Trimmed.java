package dev.spate.board;

import dev.spate.job.JobRecord;

/**
 * A record that is fit to be kept and shown.
 *
 * @param record without what nobody may see
 * @param job its job in the journal's form
 */
record Trimmed(JobRecord record, String job) {

    /** Of a record that is fit already. */
    static Trimmed of(JobRecord record, RecordForm form) {
        return new Trimmed(record, form.encodeJob(record.job()));
    }
}
