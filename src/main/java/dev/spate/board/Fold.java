package dev.spate.board;

import dev.spate.async.Scheduler;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * Folds one partition of the journal into jobs and windows: repetitions and older records change
 * nothing, and each job is counted once, when it is first seen settled.
 *
 * <p>The state stores are what survives; the table is made from them, and is what is asked.
 */
final class Fold implements Processor<byte[], byte @Nullable [], Void, Void> {

    static final String JOBS = "jobs";
    static final String STATISTICS = "statistics";

    /** The shortest stretch that statistics tell of. */
    static final Duration WINDOW = Duration.ofMinutes(1);

    /** The statistics of a partition are one key's. */
    private static final String ALL = "all";

    private final BoardSettings settings;
    private final RecordForm form;
    private final Tables tables;
    private final Progress progress;
    private final Scheduler scheduler;

    private Table table = new Table();
    private Recent recent = new Recent();
    private @Nullable ProcessorContext<Void, Void> context;
    private @Nullable KeyValueStore<String, byte[]> jobs;
    private @Nullable WindowStore<String, byte[]> statistics;

    Fold(
            BoardSettings settings,
            RecordForm form,
            Tables tables,
            Progress progress,
            Scheduler scheduler) {
        this.settings = settings;
        this.form = form;
        this.tables = tables;
        this.progress = progress;
        this.scheduler = scheduler;
    }

    /** Comes anew, to the same instance, when Kafka Streams has taken a transaction back. */
    @Override
    public void init(ProcessorContext<Void, Void> processorContext) {
        table = new Table();
        recent = new Recent();
        context = processorContext;
        jobs = processorContext.getStateStore(JOBS);
        statistics = processorContext.getStateStore(STATISTICS);
        List<String> unreadable = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store(jobs).all()) {
            all.forEachRemaining(one -> restore(one, unreadable));
        }
        unreadable.forEach(key -> store(jobs).delete(key));
        try (KeyValueIterator<Windowed<String>, byte[]> all = store(statistics).all()) {
            all.forEachRemaining(one -> table.put(one.key.window().startTime(), one.value));
        }
        progress.begun(partition());
        tables.open(partition(), table);
    }

    @Override
    public void process(Record<byte[], byte @Nullable []> record) {
        Optional<JobId> id = Keys.id(record.key());
        if (id.isPresent()) {
            fold(id.get(), record.value(), Instant.ofEpochMilli(record.timestamp()));
        }
        store(context)
                .recordMetadata()
                .ifPresent(at -> progress.processed(at.partition(), at.offset()));
    }

    @Override
    public void close() {
        if (context != null) {
            tables.close(partition(), table);
        }
    }

    private void fold(JobId id, byte @Nullable [] value, Instant at) {
        if (value == null) {
            forget(id);
            return;
        }
        Optional<Recent.Latest> latest = recent.get(id);
        Optional<Entry> next;
        Optional<Window> window;
        try {
            Trimmed trimmed = read(value, latest);
            JobRecord record = trimmed.record();
            Optional<Entry> before =
                    latest.map(Recent.Latest::entry)
                            .or(() -> table.entry(id).map(EntryBytes::decode))
                            .filter(one -> one.isOfSameJob(record));
            next = Entry.next(before, trimmed, at, form);
            boolean isFirstSettled =
                    next.isPresent()
                            && record.state().isSettled()
                            && before.filter(one -> one.head().stage().isSettled()).isEmpty();
            window = isFirstSettled ? window(record, at) : Optional.empty();
            next.ifPresent(entry -> remember(new Recent.Latest(trimmed, entry), value.length));
        } catch (RuntimeException unreadable) {
            progress.unreadable(id, unreadable);
            return;
        }
        next.ifPresent(this::keep);
        window.ifPresent(this::keep);
    }

    /** Reads a record, and trims and writes its job unless that has been done already. */
    private Trimmed read(byte[] value, Optional<Recent.Latest> latest) {
        Optional<Trimmed> before = latest.map(Recent.Latest::trimmed);
        JobRecord record = form.decode(value, before.map(Trimmed::record));
        return before.filter(one -> one.record().job().equals(record.job()))
                .map(one -> new Trimmed(record, one.job()))
                .orElseGet(() -> Trimming.trim(record, form));
    }

    private void remember(Recent.Latest latest, int writtenBytes) {
        if (writtenBytes <= Trimming.RECORD_BYTES_MAX) {
            recent.put(latest);
        } else {
            // The entry may have been trimmed further than the record.
            recent.remove(latest.trimmed().record().id());
        }
    }

    private void keep(Entry entry) {
        put(entry);
        while (table.releasedCount() > settings.historyMax()
                || (isFull() && table.releasedCount() > 0)) {
            table.oldestReleased().ifPresent(this::forget);
        }
        if (isFull() && table.entry(entry.head().id()).isPresent()) {
            // Nothing is left that could be forgotten.
            put(entry.brief(form));
        }
    }

    private void put(Entry entry) {
        byte[] bytes = EntryBytes.encode(entry);
        store(jobs).put(entry.head().id().value(), bytes);
        table.put(entry.head(), bytes);
    }

    /** Whoever has more than its share gives way. */
    private boolean isFull() {
        long bytesMax = settings.bytesMax().bytes();
        return table.bytes() > bytesMax / Math.max(1, tables.size()) && tables.bytes() > bytesMax;
    }

    private void forget(JobId id) {
        recent.remove(id);
        if (table.entry(id).isPresent()) {
            store(jobs).delete(id.value());
            table.remove(id);
        }
    }

    /** The window with the job; empty if it is too old for statistics. */
    private Optional<Window> window(JobRecord record, Instant at) {
        Instant now = scheduler.now();
        // A worker whose clock is ahead counts now: windows to come would push the others out.
        long second = (at.isAfter(now) ? now : at).getEpochSecond();
        Instant start = Instant.ofEpochSecond(second - Math.floorMod(second, windowSeconds()));
        if (start.isBefore(now.minus(settings.retention()))) {
            return Optional.empty();
        }
        return Optional.of(table.window(start).orElse(Window.empty(start)).plus(record));
    }

    private void keep(Window window) {
        byte[] bytes = WindowBytes.encode(window);
        store(statistics).put(ALL, bytes, window.start().toEpochMilli());
        table.put(window.start(), bytes);
        table.forgetWindowsBefore(scheduler.now().minus(settings.retention()));
    }

    private void restore(KeyValue<String, byte[]> one, List<String> unreadable) {
        try {
            table.put(EntryBytes.head(one.value), one.value);
        } catch (IllegalArgumentException malformed) {
            unreadable.add(one.key);
        }
    }

    private int partition() {
        return store(context).taskId().partition();
    }

    private static long windowSeconds() {
        return WINDOW.toSeconds();
    }

    private static <T> T store(@Nullable T given) {
        if (given == null) {
            throw new IllegalStateException("init has not been called");
        }
        return given;
    }
}
