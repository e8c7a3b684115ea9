package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.MachineId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again for machines of this worker's shards that no job has, and ends them: they
 * came out of a launch that a crash made twice, or were idle when their worker died. Also for
 * machines that have outlived their lease, whatever they are for.
 *
 * <p>It lists the cloud first and asks the journal after, so that what is not in the journal cannot
 * have been launched before it was listed. A machine is ended if it is of a shard that was this
 * worker's all the time and is confirmed to be, if it is old enough, and if it was seen like that
 * twice, an interval apart, without having been used in between. Nothing else is ever touched.
 */
final class Sweeper {

    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

    private final Cloud cloud;
    private final OwnedShards shards;
    private final Holdings holdings;
    private final FleetSettings settings;
    private final Duration sightingsApart;
    private final Scheduler scheduler;

    // Guarded by this.
    private final Map<MachineId, Long> suspectedAtNanos = new HashMap<>();
    private OptionalInt shardCount = OptionalInt.empty();
    private Report latest = new Report(0, Optional.empty());

    // The sweeping thread's own.
    private final Map<MachineId, Long> seenAtNanos = new HashMap<>();
    private final Set<MachineId> ended = new HashSet<>();
    private final Set<MachineId> toldDry = new HashSet<>();
    private Set<MachineId> told = Set.of();
    private boolean isCloudDown;

    /** What the worker knows of machines beside the records of jobs, and can do about them. */
    interface Holdings {

        /** Whether a machine waits for a job, is being ended, or comes of a launch under way. */
        boolean isKnown(Machine machine);

        /** Whether it should have ended by itself a good while ago. */
        boolean hasOutlivedLease(MachineId machine);

        /** Begins to end a machine of a shard; {@code cause} is a word for metrics. */
        void end(Machine machine, int shard, String cause);
    }

    /**
     * What the latest sweep found.
     *
     * @param orphans machines that nobody has any use for, and that are still there
     * @param sweptAt when, by the wall clock; empty before the first
     */
    record Report(int orphans, Optional<Instant> sweptAt) {}

    /** A machine that should not be there. */
    private record Suspect(Machine machine, int shard, String cause, String why) {}

    /**
     * A sweeper that does nothing yet.
     *
     * @param sightingsApart how long a machine has to have been suspected until it is ended
     */
    Sweeper(
            Cloud cloud,
            OwnedShards shards,
            Holdings holdings,
            FleetSettings settings,
            Duration sightingsApart,
            Scheduler scheduler) {
        this.cloud = cloud;
        this.shards = shards;
        this.holdings = holdings;
        this.settings = settings;
        this.sightingsApart = sightingsApart;
        this.scheduler = scheduler;
    }

    /** A machine was taken into use, or came back: what was thought of it before is void. */
    synchronized void used(MachineId machine) {
        suspectedAtNanos.remove(machine);
    }

    /** There are so many shards, this worker's and others'. */
    synchronized void shardCount(int count) {
        shardCount = OptionalInt.of(count);
    }

    synchronized Report latest() {
        return latest;
    }

    /** Sweeps until interrupted. */
    void run() throws InterruptedException {
        while (true) {
            scheduler.sleep(settings.sweep().interval());
            try {
                sweep();
            } catch (RuntimeException bug) {
                // Were this loop to end, nobody would ever look for lost machines again.
                log.error("Machines cannot be swept for a mistake; it is tried again", bug);
            }
        }
    }

    private void sweep() throws InterruptedException {
        Map<Integer, Ownership> owned = shards.all();
        switch (cloud.list(Deadline.after(scheduler, settings.callTimeout()))) {
            case Answer.Ok<List<Machine>>(List<Machine> machines) -> {
                isCloudDown = false;
                sweep(machines, owned);
            }
            case Answer.Failed<List<Machine>>(Failure why) -> {
                if (!isCloudDown) {
                    log.warn("Machines cannot be listed, and are not swept: {}", why);
                }
                isCloudDown = true;
            }
        }
    }

    private void sweep(List<Machine> machines, Map<Integer, Ownership> owned)
            throws InterruptedException {
        tellStrays(machines);
        long nowNanos = scheduler.nanoTime();
        machines.forEach(machine -> seenAtNanos.putIfAbsent(machine.id(), nowNanos));
        List<Suspect> suspects = suspects(machines, owned);
        List<Suspect> ripe = ripe(suspects);
        Set<MachineId> there = machines.stream().map(Machine::id).collect(Collectors.toSet());
        seenAtNanos.keySet().retainAll(there);
        ended.retainAll(there);
        toldDry.retainAll(there);
        // Those that were refused to be ended are still there.
        Set<MachineId> orphans = new HashSet<>(ended);
        ripe.forEach(suspect -> orphans.add(suspect.machine().id()));
        synchronized (this) {
            latest = new Report(orphans.size(), Optional.of(scheduler.now()));
        }
        if (ripe.isEmpty()) {
            return;
        }
        Set<Integer> confirmed =
                shards.confirm(ripe.stream().map(Suspect::shard).collect(Collectors.toSet()));
        owned.keySet().retainAll(confirmed);
        // What was on its way to the journal when they were suspected is in it now.
        List<Machine> again = ripe.stream().map(Suspect::machine).toList();
        List<Suspect> certain = suspects(again, owned);
        certain.sort(Comparator.comparing(suspect -> suspect.machine().launchedAt()));
        certain.stream()
                .filter(suspect -> isStillSuspected(suspect.machine().id()))
                .limit(settings.sweep().endsMax())
                .forEach(this::end);
    }

    private void end(Suspect suspect) {
        Machine machine = suspect.machine();
        if (settings.sweep().dryRun()) {
            if (toldDry.add(machine.id())) {
                log.warn(
                        "Machine {} of shard {} would be ended, but for the dry run: {}",
                        machine.id(),
                        suspect.shard(),
                        suspect.why());
            }
            return;
        }
        log.warn(
                "Machine {} of shard {} is ended: {}",
                machine.id(),
                suspect.shard(),
                suspect.why());
        ended.add(machine.id());
        holdings.end(machine, suspect.shard(), suspect.cause());
    }

    /** The machines of shards that are still in the same hands, and should not be there. */
    private List<Suspect> suspects(List<Machine> machines, Map<Integer, Ownership> owned) {
        Map<Integer, Ownership> still = shards.all();
        Map<Integer, Promised> promised = new HashMap<>();
        List<Suspect> suspects = new ArrayList<>();
        for (Machine machine : machines) {
            Ownership owner = machine.shard().isPresent() ? owned.get(shard(machine)) : null;
            if (owner == null || !isSame(owner, still.get(shard(machine)))) {
                continue;
            }
            Promised byJobs =
                    promised.computeIfAbsent(shard(machine), _ -> Promised.by(owner.jobs()));
            suspicion(machine, byJobs).ifPresent(suspects::add);
        }
        return suspects;
    }

    private static boolean isSame(Ownership before, @Nullable Ownership now) {
        return now != null && now.epoch() == before.epoch();
    }

    private Optional<Suspect> suspicion(Machine machine, Promised promised) {
        if (holdings.isKnown(machine)) {
            return Optional.empty();
        }
        Judgement judgement =
                Judgement.of(
                        machine,
                        OptionalInt.empty(),
                        promised,
                        scheduler.now(),
                        isOldByThisClock(machine.id()) ? Duration.ZERO : settings.sweep().ageMin());
        return switch (judgement) {
            case Judgement.Orphan orphan ->
                    Optional.of(new Suspect(machine, shard(machine), "orphan", orphan.why()));
            case Judgement.Wanted wanted ->
                    holdings.hasOutlivedLease(machine.id())
                            ? Optional.of(
                                    new Suspect(
                                            machine,
                                            shard(machine),
                                            "expired",
                                            "it has outlived its lease; " + wanted.why()))
                            : Optional.empty();
            case Judgement.Stray _, Judgement.Going _, Judgement.Young _ -> Optional.empty();
        };
    }

    /** This worker's wall clock may be hours behind the cloud's: then everything looks young. */
    private boolean isOldByThisClock(MachineId machine) {
        long since = seenAtNanos.getOrDefault(machine, scheduler.nanoTime());
        Duration seen = Duration.ofNanos(scheduler.nanoTime() - since);
        return seen.compareTo(settings.sweep().ageMin()) >= 0;
    }

    private static int shard(Machine machine) {
        return machine.shard().orElseThrow();
    }

    /** Remembers who is suspected; returns those who have been for long enough. */
    private synchronized List<Suspect> ripe(List<Suspect> suspects) {
        Map<MachineId, Suspect> now = new LinkedHashMap<>();
        suspects.forEach(suspect -> now.put(suspect.machine().id(), suspect));
        suspectedAtNanos.keySet().retainAll(now.keySet());
        long nowNanos = scheduler.nanoTime();
        List<Suspect> ripe = new ArrayList<>();
        now.forEach(
                (id, suspect) -> {
                    long since = suspectedAtNanos.computeIfAbsent(id, _ -> nowNanos);
                    if (Duration.ofNanos(nowNanos - since).compareTo(sightingsApart) >= 0) {
                        ripe.add(suspect);
                    }
                });
        return ripe;
    }

    private synchronized boolean isStillSuspected(MachineId machine) {
        return suspectedAtNanos.containsKey(machine);
    }

    /** Says once of each machine that it is nobody's to touch. */
    private void tellStrays(List<Machine> machines) {
        OptionalInt count;
        synchronized (this) {
            count = shardCount;
        }
        Map<MachineId, String> strays = new LinkedHashMap<>();
        for (Machine machine : machines) {
            Judgement judgement =
                    Judgement.of(
                            machine, count, Promised.by(List.of()), scheduler.now(), Duration.ZERO);
            if (judgement instanceof Judgement.Stray(String why)) {
                strays.put(machine.id(), why);
            }
        }
        strays.forEach(
                (id, why) -> {
                    if (!told.contains(id)) {
                        log.warn(
                                "Machine {} is the group's but no shard's, and is left alone: {};"
                                        + " {} such machines in all",
                                id,
                                why,
                                strays.size());
                    }
                });
        told = Set.copyOf(strays.keySet());
    }
}
