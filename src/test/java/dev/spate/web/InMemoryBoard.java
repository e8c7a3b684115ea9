package dev.spate.web;

import dev.spate.board.Board;
import dev.spate.board.Changes;
import dev.spate.board.Contents;
import dev.spate.board.JobFilter;
import dev.spate.board.JobPage;
import dev.spate.board.JobRow;
import dev.spate.board.Listing;
import dev.spate.board.Now;
import dev.spate.board.Peer;
import dev.spate.board.Position;
import dev.spate.board.Stage;
import dev.spate.board.Statistics;
import dev.spate.board.Window;
import dev.spate.job.JobId;
import dev.spate.job.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * A board that has what it was given: {@link #put} a job, and lists, pages, statistics and all
 * listeners have it. Its state is ready until {@link #be} says otherwise. Safe for any thread.
 */
public final class InMemoryBoard implements Board, Contents, Changes {

    private static final BigDecimal USD_PER_HOUR = new BigDecimal("0.0893");

    private final Map<JobId, JobPage> jobs = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Supplier<Instant> clock;
    private volatile State state = new State.Ready(this);
    private volatile List<Peer> peers = List.of();
    private volatile Set<Integer> unreachable = Set.of();
    private volatile Optional<Peer> owner = Optional.empty();

    public InMemoryBoard(Supplier<Instant> clock) {
        this.clock = clock;
    }

    /** The job is as this page says, from now on. */
    public void put(JobPage page) {
        jobs.put(page.row().id(), page);
        listeners.forEach(listener -> listener.changed(page.row()));
    }

    /** The job is forgotten. */
    public void forget(JobId id) {
        jobs.remove(id);
        listeners.forEach(listener -> listener.gone(id));
    }

    /** Something may have been missed. */
    public void miss() {
        listeners.forEach(Listener::missed);
    }

    /** Nothing is heard any more, until {@link #miss}. */
    public void growStale(Instant since) {
        listeners.forEach(listener -> listener.stale(since));
    }

    /** It is restoring, has failed, or is off. */
    public void be(State other) {
        state = other;
    }

    /** There are these workers, and this one has all jobs that are not here. */
    public void peers(List<Peer> all, Optional<Peer> ownerOfOthers) {
        peers = List.copyOf(all);
        owner = ownerOfOthers;
    }

    /** The jobs of these shards are nobody's who could be asked. */
    public void cannotReach(Set<Integer> shards) {
        unreachable = shards;
    }

    /** How many listen for changes. */
    public int listeners() {
        return listeners.size();
    }

    /** All jobs, in no order. */
    public List<JobPage> all() {
        return List.copyOf(jobs.values());
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public List<Peer> peers() {
        return peers;
    }

    @Override
    public Set<Integer> unreachable() {
        return unreachable;
    }

    @Override
    public Optional<Peer> ownerOf(JobId id) {
        return owner;
    }

    @Override
    public Listing jobs(JobFilter filter) {
        List<JobRow> all =
                jobs.values().stream()
                        .map(JobPage::row)
                        .filter(filter::admits)
                        .sorted(JobRow.NEWEST_FIRST)
                        .toList();
        List<JobRow> shown =
                all.stream()
                        .filter(row -> isBehind(row, filter.after()))
                        .limit(filter.limit())
                        .toList();
        return new Listing(shown, shown.size() == filter.limit(), all.size());
    }

    private static boolean isBehind(JobRow row, Optional<Position> after) {
        return after.filter(place -> Position.NEWEST_FIRST.compare(row.position(), place) <= 0)
                .isEmpty();
    }

    @Override
    public Optional<JobPage> job(JobId id) {
        return Optional.ofNullable(jobs.get(id));
    }

    @Override
    public Statistics statistics(Duration since, Duration step) {
        TreeMap<Instant, Window> windows = new TreeMap<>();
        long stepSeconds = step.toSeconds();
        long last = clock.get().getEpochSecond() / stepSeconds;
        for (long i = last - since.toSeconds() / stepSeconds; i <= last; i++) {
            Instant start = Instant.ofEpochSecond(i * stepSeconds);
            windows.put(start, Window.empty(start));
        }
        for (JobPage page : jobs.values()) {
            page.row()
                    .settledAt()
                    .map(
                            at ->
                                    Instant.ofEpochSecond(
                                            at.getEpochSecond() / stepSeconds * stepSeconds))
                    .ifPresent(
                            start ->
                                    windows.computeIfPresent(
                                            start, (_, w) -> w.plus(window(start, page.row()))));
        }
        return new Statistics(step, List.copyOf(windows.values()), now());
    }

    private static Window window(Instant start, JobRow row) {
        Map<dev.spate.job.Phase, Window.PhaseTime> phases =
                new EnumMap<>(dev.spate.job.Phase.class);
        row.phases()
                .forEach((phase, took) -> phases.put(phase, new Window.PhaseTime(1, took, took)));
        BigDecimal cost = row.costUsd().orElse(BigDecimal.ZERO);
        return new Window(
                start,
                Map.of(row.outcome().orElse(Outcome.ERROR), 1L),
                row.machineTime(),
                cost,
                phases,
                Map.of(row.profile(), new Window.Use(1, row.machineTime(), cost)));
    }

    private Now now() {
        Map<Stage, Integer> states = new EnumMap<>(Stage.class);
        int machines = 0;
        for (JobPage page : jobs.values()) {
            states.merge(page.row().stage(), 1, Integer::sum);
            switch (page.row().stage()) {
                case PREPARING, RUNNING -> machines += page.members().size();
                case WAITING, LAUNCHING, RETREATING, SETTLED, RELEASED -> {}
            }
        }
        return new Now(states, machines, USD_PER_HOUR.multiply(BigDecimal.valueOf(machines)));
    }

    @Override
    public Listening listen(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
