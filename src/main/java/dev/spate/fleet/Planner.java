package dev.spate.fleet;

import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.Launch;
import dev.spate.job.MachineSpec;
import dev.spate.job.Member;
import dev.spate.job.Pool;
import dev.spate.job.Seat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Turns the demands of a batch into idle machines and launches: idle machines first, then one
 * launch for each machine spec and pool.
 *
 * <p>Used for one batch by one thread. Takes idle machines as it goes; everything else is decided,
 * not done.
 */
final class Planner {

    private final FleetSettings settings;
    private final int shard;
    private final Catalog catalog;
    private final RestingPools resting;
    private final BiFunction<MachineSpec, String, Optional<IdlePool.Idle>> idle;
    private final Instant now;
    private int free;
    private int permits;
    private int launched;
    private int shortOf;

    private final Map<MachineSpec, List<Pool>> ladders = new HashMap<>();
    private final Map<JobId, Plan> plans = new LinkedHashMap<>();
    private final Map<JobId, List<Hold>> reused = new HashMap<>();
    private final Map<Group, List<Wanted>> wanted = new LinkedHashMap<>();
    private final List<IdlePool.Idle> returned = new ArrayList<>();

    /** Seats that can share a launch. */
    private record Group(MachineSpec spec, Pool pool) {}

    /** A seat that has no launch yet. */
    private record Wanted(Demand demand, Member member) {
        String place() {
            return demand.job().id()
                    + "/"
                    + demand.publishedAt()
                    + "/"
                    + member
                    + "/"
                    + demand.attempt()
                    + "/"
                    + demand.launches();
        }
    }

    /**
     * @param idle gives an idle machine of a spec and preparation away, if there is one
     * @param free how many new machines may be asked for
     * @param permits how many may be asked for now, so that not too many are in a minute
     */
    Planner(
            FleetSettings settings,
            int shard,
            Catalog catalog,
            RestingPools resting,
            BiFunction<MachineSpec, String, Optional<IdlePool.Idle>> idle,
            int free,
            int permits,
            Instant now) {
        this.settings = settings;
        this.shard = shard;
        this.catalog = catalog;
        this.resting = resting;
        this.idle = idle;
        this.free = free;
        this.permits = permits;
        this.now = now;
    }

    /** The plan for every demand, in order. Earlier demands go first. */
    Map<JobId, Plan> plan(List<Demand> demands) {
        demands.forEach(this::place);
        Map<JobId, List<Seat>> seats = new HashMap<>();
        wanted.forEach((group, members) -> seat(group, members, seats));
        for (Demand demand : demands) {
            JobId id = demand.job().id();
            plans.putIfAbsent(
                    id,
                    new Plan.Placed(
                            seats.getOrDefault(id, List.of()), reused.getOrDefault(id, List.of())));
        }
        return plans;
    }

    private void place(Demand demand) {
        List<Demand.Place> places = demand.places();
        Optional<Failure> never = missing(demand.job()).or(() -> tooMany(places.size()));
        if (never.isPresent()) {
            plans.put(demand.job().id(), new Plan.Never(never.get()));
            return;
        }
        Map<Group, List<Wanted>> fresh = new LinkedHashMap<>();
        List<IdlePool.Idle> taken = new ArrayList<>();
        List<Hold> holds = new ArrayList<>();
        for (Demand.Place place : places) {
            Optional<IdlePool.Idle> machine =
                    demand.job().mayReuse()
                            ? idle.apply(place.spec(), Fingerprint.preparation(place.role()))
                            : Optional.empty();
            if (machine.isPresent()) {
                Hold last = machine.get().hold();
                taken.add(machine.get());
                holds.add(new Hold(place.member(), last.launch(), last.machine(), now));
                continue;
            }
            List<Pool> pools =
                    ladders.computeIfAbsent(
                            place.spec(), spec -> Ladder.pools(spec, catalog, settings.zones()));
            Optional<Pool> pool = resting.first(pools);
            if (pool.isEmpty()) {
                refuse(demand, taken, resting.notNow(pools));
                return;
            }
            fresh.computeIfAbsent(new Group(place.spec(), pool.get()), _ -> new ArrayList<>())
                    .add(new Wanted(demand, place.member()));
        }
        int count = places.size() - taken.size();
        if (count > free) {
            refuse(demand, taken, noRoom(count));
            return;
        }
        // A job of more machines than a minute's goes when there is a full minute's to be had.
        if (count > 0 && permits < Math.min(count, settings.machinesPerMinuteMax())) {
            refuse(demand, taken, tooSoon());
            return;
        }
        free -= count;
        permits -= count;
        launched += count;
        reused.put(demand.job().id(), holds);
        fresh.forEach(
                (group, members) ->
                        wanted.computeIfAbsent(group, _ -> new ArrayList<>()).addAll(members));
    }

    /** All machines or none: what was taken from the idle ones is told, so that it can go back. */
    private void refuse(Demand demand, List<IdlePool.Idle> taken, Plan.NotNow notNow) {
        plans.put(demand.job().id(), notNow);
        returned.addAll(taken);
    }

    /** Idle machines that were taken for a job that then could not be placed. */
    List<IdlePool.Idle> returned() {
        return returned;
    }

    /** How many machines were refused for want of room under the worker's limit. */
    int shortOf() {
        return shortOf;
    }

    /** How many machines are to be launched. */
    int launched() {
        return launched;
    }

    private Plan.NotNow tooSoon() {
        return new Plan.NotNow(
                new Failure(
                        Failure.Kind.QUOTA,
                        "this worker has launched as many machines as it may in a minute"
                                + " (machinesPerMinuteMax "
                                + settings.machinesPerMinuteMax()
                                + "); the job waits"),
                settings.retryPause());
    }

    private Plan.NotNow noRoom(int count) {
        shortOf += count;
        return new Plan.NotNow(
                new Failure(
                        Failure.Kind.QUOTA,
                        "this worker has as many machines as it may (machinesMax "
                                + settings.machinesMax()
                                + "); the job waits for one"),
                settings.retryPause());
    }

    private Optional<Failure> tooMany(int count) {
        return count <= settings.machinesMax()
                ? Optional.empty()
                : Optional.of(
                        new Failure(
                                Failure.Kind.QUOTA,
                                "the job needs %d machines at once, and a worker may have %d (machinesMax)"
                                        .formatted(count, settings.machinesMax())));
    }

    private Optional<Failure> missing(Job job) {
        return job.machines().flatMap(spec -> missing(spec).stream()).findFirst();
    }

    private Optional<Failure> missing(MachineSpec spec) {
        String region = catalog.region();
        String what = null;
        if (spec.region().isPresent() && !spec.region().get().equals(region)) {
            what = "region: this group launches in " + region + ", not in " + spec.region().get();
        } else if (!catalog.imageIds().containsKey(spec.image())) {
            what = "image: there is no " + spec.image() + " in " + region;
        } else {
            List<String> unknown =
                    spec.types().stream()
                            .filter(type -> !catalog.types().containsKey(type))
                            .toList();
            if (!unknown.isEmpty()) {
                what = "types: there is no " + String.join(", no ", unknown) + " in " + region;
            }
        }
        return Optional.ofNullable(what)
                .map(text -> new Failure(Failure.Kind.INVALID, "machine." + text));
    }

    /** Gives every wanted seat of a group its place in a launch. */
    private void seat(Group group, List<Wanted> members, Map<JobId, List<Seat>> seats) {
        for (int from = 0; from < members.size(); from += Launch.COUNT_MAX) {
            List<Wanted> part =
                    members.subList(from, Math.min(members.size(), from + Launch.COUNT_MAX));
            Launch launch = launch(group, part);
            for (int index = 0; index < part.size(); index++) {
                Wanted seat = part.get(index);
                seats.computeIfAbsent(seat.demand().job().id(), _ -> new ArrayList<>())
                        .add(new Seat(seat.member(), launch, index));
            }
        }
    }

    private Launch launch(Group group, List<Wanted> part) {
        Duration longest =
                part.stream()
                        .map(seat -> seat.demand().job().timeout())
                        .max(Duration::compareTo)
                        .orElseThrow();
        Duration lease = lease(settings, longest);
        return new Launch(
                Fingerprint.token(
                        settings.group(), shard, part.stream().map(Wanted::place).toList()),
                shard,
                group.spec(),
                Objects.requireNonNull(
                        catalog.imageIds().get(group.spec().image()), "checked before"),
                group.pool(),
                part.size(),
                lease,
                now.plus(lease),
                Ladder.price(group.pool(), catalog));
    }

    /** Long enough for everything that a job of this timeout may do on a machine. */
    static Duration lease(FleetSettings settings, Duration timeout) {
        return settings.bootTimeout()
                .plus(settings.setupTimeout())
                .plus(timeout)
                .plus(settings.idleTime())
                .plus(settings.leaseMargin());
    }
}
