package dev.spate.board;

import dev.spate.job.JobRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the board keeps of a job. Immutable, as long as nobody writes into the record's bytes. */
final class Entry {

    /** How many moments are kept of a job when there is no room for more. */
    static final int BRIEF_MOMENTS = 5;

    private final Head head;
    private final List<Moment> history;
    private final byte[] record;

    /**
     * @param record the latest record in the journal's form, trimmed
     */
    Entry(Head head, List<Moment> history, byte[] record) {
        this.head = head;
        this.history = List.copyOf(history);
        this.record = record;
    }

    Head head() {
        return head;
    }

    List<Moment> history() {
        return history;
    }

    /** The latest record in the journal's form, trimmed. Not to be written into. */
    byte[] record() {
        return record;
    }

    /**
     * Whether a record is about this job, and not about another that was published later under the
     * same id.
     */
    boolean isOfSameJob(JobRecord other) {
        return head.publishedAt().equals(other.publishedAt());
    }

    /** The same job with hardly more than what lists show of it. */
    Entry brief(RecordForm form) {
        return new Entry(
                head,
                history.subList(Math.max(0, history.size() - BRIEF_MOMENTS), history.size()),
                form.encode(Trimming.brief(form.decode(record), form)));
    }

    /**
     * What a record makes of what was kept before. Empty if it adds nothing, because it is a
     * repetition or older.
     *
     * @param before of the same job
     * @param at when the record was written
     */
    static Optional<Entry> next(
            Optional<Entry> before, Trimmed trimmed, Instant at, RecordForm form) {
        JobRecord record = trimmed.record();
        if (before.isPresent() && record.sequence() <= before.get().head.sequence()) {
            return Optional.empty();
        }
        List<Moment> history = before.map(Entry::history).orElse(List.of());
        return Optional.of(
                new Entry(
                        Head.of(record, at),
                        History.plus(history, record, at),
                        Trimming.bytes(trimmed, form)));
    }
}
