package dev.spate.board;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.JobId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far the reading has come. Safe for any thread. */
final class Progress implements StateRestoreListener {

    private static final Logger log = LoggerFactory.getLogger(Progress.class);

    private static final long UNKNOWN = -1;

    /** Of the topics the state is kept in: how many records are still to be read back. */
    private final Map<TopicPartition, Long> restoring = new ConcurrentHashMap<>();

    private volatile int journalSize;
    private volatile Deadline staleAfter = Deadline.NEVER;

    private final Map<Integer, Partition> partitions = new ConcurrentHashMap<>();
    private final AtomicBoolean toldOfUnreadable = new AtomicBoolean();
    private final AtomicLong unreadable = new AtomicLong();

    /**
     * A partition of the journal.
     *
     * @param lag what has not been fetched yet
     * @param fetchedFrom the offset of the first record that was
     * @param fetchedTo the offset of the last record that was
     * @param processedTo the offset of the last record that was folded
     * @param hasCaughtUp whether it was at the journal's end once
     */
    private record Partition(
            long lag, long fetchedFrom, long fetchedTo, long processedTo, boolean hasCaughtUp) {

        static final Partition NEW = new Partition(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, false);

        Partition fetched(long newLag, long from, long to) {
            return new Partition(
                            newLag,
                            fetchedFrom == UNKNOWN ? from : fetchedFrom,
                            Math.max(fetchedTo, to),
                            processedTo,
                            hasCaughtUp)
                    .looked();
        }

        Partition processed(long offset) {
            return new Partition(lag, fetchedFrom, fetchedTo, offset, hasCaughtUp).looked();
        }

        private Partition looked() {
            boolean isAtEnd = lag == 0 && processedTo >= fetchedTo;
            return new Partition(lag, fetchedFrom, fetchedTo, processedTo, hasCaughtUp || isAtEnd);
        }

        boolean isUntouched() {
            return processedTo == UNKNOWN;
        }

        long behind() {
            return Math.max(0, lag)
                    + Math.max(0, fetchedTo - Math.max(processedTo, fetchedFrom - 1));
        }
    }

    /** The reading of a partition begins, perhaps anew. */
    void begun(int partition) {
        // What was fetched before it began is still to come; what was processed may be once more.
        partitions.compute(
                partition,
                (_, before) -> before != null && before.isUntouched() ? before : Partition.NEW);
    }

    /** These partitions are read here, and no others. */
    void assigned(Set<Integer> assigned) {
        partitions.keySet().retainAll(assigned);
        assigned.forEach(partition -> partitions.putIfAbsent(partition, Partition.NEW));
    }

    /**
     * Something may have been fetched.
     *
     * @param lag how many records there are beyond that; -1 if that is not known
     * @param from the lowest offset; -1 if nothing was
     * @param to the highest offset; -1 if nothing was
     */
    void fetched(int partition, long lag, long from, long to) {
        partitions.computeIfPresent(partition, (_, before) -> before.fetched(lag, from, to));
    }

    /**
     * Kafka has just told something.
     *
     * @param next until when it is to do so again
     */
    void heard(Deadline next) {
        staleAfter = next;
    }

    /** The journal has so many partitions. */
    void sized(int partitionCount) {
        journalSize = partitionCount;
    }

    /** How many partitions the journal has; 0 as long as that is not known. */
    int journalSize() {
        return journalSize;
    }

    /** Whether Kafka has been silent for so long that nobody knows what was missed. */
    boolean isStale(Scheduler scheduler) {
        return staleAfter.hasPassed(scheduler);
    }

    void processed(int partition, long offset) {
        partitions.computeIfPresent(partition, (_, before) -> before.processed(offset));
    }

    void unreadable(JobId id, RuntimeException why) {
        unreadable.incrementAndGet();
        if (toldOfUnreadable.compareAndSet(false, true)) {
            log.warn(
                    "A record of job {} cannot be read and is passed over, as others will be: {}",
                    id,
                    why.toString());
        }
    }

    /** How many records could not be read. */
    long unreadable() {
        return unreadable.get();
    }

    /** How many records are still to be read, of the journal and of the board's own topics. */
    long behind() {
        return restoring.values().stream().mapToLong(Long::longValue).sum()
                + partitions.values().stream().mapToLong(Partition::behind).sum();
    }

    /** The partitions that are read here. */
    Set<Integer> partitions() {
        return Set.copyOf(partitions.keySet());
    }

    /** Whether every partition was at the journal's end once since its reading began. */
    boolean hasCaughtUp() {
        return partitions.values().stream().allMatch(Partition::hasCaughtUp);
    }

    @Override
    public void onRestoreStart(
            TopicPartition partition, String store, long startingOffset, long endingOffset) {
        restoring.put(partition, Math.max(0, endingOffset - startingOffset));
    }

    @Override
    public void onBatchRestored(
            TopicPartition partition, String store, long batchEndOffset, long numRestored) {
        restoring.computeIfPresent(partition, (_, left) -> Math.max(0, left - numRestored));
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long totalRestored) {
        restoring.remove(partition);
    }

    @Override
    public void onRestoreSuspended(TopicPartition partition, String store, long totalRestored) {
        restoring.remove(partition);
    }
}
