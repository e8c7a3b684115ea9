package dev.spate.board;

import dev.spate.job.JobId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * One partition's jobs and windows, so that lists and sums need not go through the state stores,
 * whose bytes it shares. Changed by one thread, read by any.
 */
final class Table {

    /** What one job takes beside its bytes: references, positions, and the parsed head. */
    private static final long OVERHEAD_BYTES = 700;

    private static final Comparator<Head> OLDEST_FIRST =
            Comparator.comparing(Head::updatedAt).thenComparing(Head::id);

    private final ConcurrentNavigableMap<Position, Kept> newestFirst =
            new ConcurrentSkipListMap<>(Position.NEWEST_FIRST);
    private final Map<JobId, Kept> byId = new ConcurrentHashMap<>();
    private final ConcurrentNavigableMap<Instant, byte[]> windows = new ConcurrentSkipListMap<>();

    // Of the changing thread alone.
    private final TreeSet<Head> released = new TreeSet<>(OLDEST_FIRST);
    private volatile long bytes;

    /** A job as it was when somebody looked: it stays, though the table forgets it. */
    static final class Kept {
        private final Head head;
        private final byte[] bytes;

        Kept(Head head, byte[] bytes) {
            this.head = head;
            this.bytes = bytes;
        }

        Head head() {
            return head;
        }

        byte[] bytes() {
            return bytes;
        }

        long size() {
            return OVERHEAD_BYTES + bytes.length;
        }
    }

    /** A job has come further, or is new. */
    void put(Head head, byte[] entry) {
        Kept kept = new Kept(head, entry);
        Kept before = byId.put(head.id(), kept);
        newestFirst.put(head.position(), kept);
        // Last, so that nobody who looks meanwhile misses the job.
        if (before != null) {
            drop(before, !before.head.position().equals(head.position()));
        }
        if (head.isReleased()) {
            released.add(head);
        }
        add(kept.size());
    }

    /** A job is forgotten; does nothing if it is not known. */
    void remove(JobId id) {
        Kept kept = byId.remove(id);
        if (kept != null) {
            drop(kept, true);
        }
    }

    private void drop(Kept kept, boolean leavesItsPlace) {
        if (leavesItsPlace) {
            newestFirst.remove(kept.head.position());
        }
        released.remove(kept.head);
        add(-kept.size());
    }

    /** Jobs were settled in the window that starts then. */
    void put(Instant start, byte[] window) {
        windows.put(start, window);
    }

    /** Windows that start before then are forgotten. */
    void forgetWindowsBefore(Instant start) {
        windows.headMap(start).clear();
    }

    Optional<byte[]> entry(JobId id) {
        return Optional.ofNullable(byId.get(id)).map(Kept::bytes);
    }

    Optional<Window> window(Instant start) {
        return Optional.ofNullable(windows.get(start)).map(WindowBytes::decode);
    }

    /** Among the jobs with nothing left to do, the one that has been so for longest. */
    Optional<JobId> oldestReleased() {
        return released.isEmpty() ? Optional.empty() : Optional.of(released.first().id());
    }

    int releasedCount() {
        return released.size();
    }

    int size() {
        return byId.size();
    }

    long bytes() {
        return bytes;
    }

    void forEach(Consumer<Head> each) {
        byId.values().forEach(kept -> each.accept(kept.head));
    }

    long count(JobFilter filter) {
        return byId.values().stream().filter(kept -> admits(filter, kept.head)).count();
    }

    /** The first jobs of the list. */
    List<Kept> first(JobFilter filter) {
        return filter
                .after()
                .map(after -> newestFirst.tailMap(after, false))
                .orElse(newestFirst)
                .values()
                .stream()
                .filter(kept -> admits(filter, kept.head))
                .limit(filter.limit())
                .toList();
    }

    void forEachWindow(Instant from, Consumer<Window> each) {
        windows.tailMap(from).values().forEach(window -> each.accept(WindowBytes.decode(window)));
    }

    private static boolean admits(JobFilter filter, Head head) {
        return filter.admits(head.id(), head.stage(), head.outcome(), head.profile());
    }

    // Only the changing thread writes it.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void add(long more) {
        bytes += more;
    }
}
