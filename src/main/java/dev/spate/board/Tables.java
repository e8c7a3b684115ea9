package dev.spate.board;

import dev.spate.async.Scheduler;
import dev.spate.job.JobId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The tables of all partitions that are read here. Safe for any thread. */
final class Tables implements Contents {

    private static final Comparator<Table.Kept> NEWEST_FIRST =
            Comparator.comparing(kept -> kept.head().position(), Position.NEWEST_FIRST);

    private final RecordForm form;
    private final Scheduler scheduler;
    private final Map<Integer, Table> tables = new ConcurrentHashMap<>();

    Tables(RecordForm form, Scheduler scheduler) {
        this.form = form;
        this.scheduler = scheduler;
    }

    /** The partition is read here from now on. */
    void open(int partition, Table table) {
        tables.put(partition, table);
    }

    /** The partition is not read here any more, unless somebody has opened it anew. */
    void close(int partition, Table table) {
        tables.remove(partition, table);
    }

    boolean isOpen(int partition) {
        return tables.containsKey(partition);
    }

    int size() {
        return tables.size();
    }

    /** How many jobs there are. */
    int jobs() {
        return tables.values().stream().mapToInt(Table::size).sum();
    }

    /** How much memory they take, roughly. */
    long bytes() {
        return tables.values().stream().mapToLong(Table::bytes).sum();
    }

    @Override
    public Listing jobs(JobFilter filter) {
        List<JobRow> rows =
                tables.values().stream()
                        .flatMap(table -> table.first(filter).stream())
                        .sorted(NEWEST_FIRST)
                        .limit(filter.limit())
                        .map(this::row)
                        .toList();
        long total = tables.values().stream().mapToLong(table -> table.count(filter)).sum();
        return new Listing(rows, rows.size() == filter.limit(), total);
    }

    private JobRow row(Table.Kept kept) {
        Entry entry = EntryBytes.decode(kept.bytes());
        return JobRow.of(form.decode(entry.record()), entry.head().updatedAt());
    }

    @Override
    public Optional<JobPage> job(JobId id) {
        return tables.entrySet().stream()
                .flatMap(
                        table ->
                                table.getValue().entry(id).stream()
                                        .map(bytes -> page(table.getKey(), bytes)))
                .findFirst();
    }

    private JobPage page(int shard, byte[] bytes) {
        Entry entry = EntryBytes.decode(bytes);
        return Pages.page(shard, entry, form.decode(entry.record()));
    }

    @Override
    public Statistics statistics(Duration since, Duration step) {
        long stepSeconds = step.toSeconds();
        if (stepSeconds < Fold.WINDOW.toSeconds() || stepSeconds % Fold.WINDOW.toSeconds() != 0) {
            throw new IllegalArgumentException(
                    "step: expected a whole number of minutes, found " + step);
        }
        Instant now = scheduler.now();
        Instant first = start(now.minus(since), stepSeconds);
        Map<Instant, Window> windows = new TreeMap<>();
        for (Instant start = first; !start.isAfter(now); start = start.plus(step)) {
            windows.put(start, Window.empty(start));
        }
        for (Table table : tables.values()) {
            table.forEachWindow(
                    first,
                    window ->
                            windows.computeIfPresent(
                                    start(window.start(), stepSeconds),
                                    (_, sum) -> sum.plus(window)));
        }
        return new Statistics(step, new ArrayList<>(windows.values()), now());
    }

    private Now now() {
        Map<Stage, Integer> jobs = new EnumMap<>(Stage.class);
        int[] machines = {0};
        BigDecimal[] usdPerHour = {BigDecimal.ZERO};
        for (Table table : tables.values()) {
            table.forEach(
                    head -> {
                        jobs.merge(head.stage(), 1, Integer::sum);
                        machines[0] += head.machines();
                        usdPerHour[0] = usdPerHour[0].add(head.usdPerHour());
                    });
        }
        return new Now(jobs, machines[0], usdPerHour[0]);
    }

    private static Instant start(Instant time, long stepSeconds) {
        return Instant.ofEpochSecond(
                Math.floorDiv(time.getEpochSecond(), stepSeconds) * stepSeconds);
    }
}
