package dev.spate.board;

import dev.spate.job.JobId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/** A board in memory, filled and set by hand. Safe for any thread. */
public final class FakeBoard implements Board, Contents {

    private final Map<JobId, JobPage> pages = new ConcurrentHashMap<>();
    private final ConcurrentSkipListSet<Peer> peers = new ConcurrentSkipListSet<>();
    private final Map<JobId, Peer> owners = new ConcurrentHashMap<>();
    private volatile State state = new State.Ready(this);
    private volatile Statistics statistics =
            new Statistics(Duration.ofMinutes(1), List.of(), new Now(Map.of(), 0, BigDecimal.ZERO));

    public FakeBoard put(JobPage page) {
        pages.put(page.row().id(), page);
        return this;
    }

    public void set(State other) {
        state = other;
    }

    public void set(Statistics other) {
        statistics = other;
    }

    /** Another worker's board. */
    public FakeBoard peer(Peer peer) {
        peers.add(peer);
        return this;
    }

    /** The job is on that worker's board. */
    public FakeBoard owner(JobId id, Peer owner) {
        owners.put(id, owner);
        return peer(owner);
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public List<Peer> peers() {
        return List.copyOf(peers);
    }

    @Override
    public Set<Integer> unreachable() {
        return Set.of();
    }

    @Override
    public Optional<Peer> ownerOf(JobId id) {
        return Optional.ofNullable(owners.get(id));
    }

    @Override
    public Listing jobs(JobFilter filter) {
        List<JobRow> all =
                pages.values().stream()
                        .map(JobPage::row)
                        .filter(filter::admits)
                        .sorted(JobRow.NEWEST_FIRST)
                        .toList();
        List<JobRow> shown =
                all.stream()
                        .filter(
                                row ->
                                        filter.after()
                                                .filter(
                                                        after ->
                                                                Position.NEWEST_FIRST.compare(
                                                                                after,
                                                                                row.position())
                                                                        >= 0)
                                                .isEmpty())
                        .limit(filter.limit())
                        .toList();
        return new Listing(shown, shown.size() == filter.limit(), all.size());
    }

    @Override
    public Optional<JobPage> job(JobId id) {
        return Optional.ofNullable(pages.get(id));
    }

    @Override
    public Statistics statistics(Duration since, Duration step) {
        return statistics;
    }
}
