package dev.spate.simulation;

import dev.spate.engine.FakeTopicsEvent;
import dev.spate.engine.Incoming;
import dev.spate.fleet.FakeCloudEvent;
import dev.spate.fleet.FakeGroundEvent;
import dev.spate.fleet.RunKey;
import dev.spate.fleet.RunStatus;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import dev.spate.job.JobState;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.Seat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a history has shown so far: jobs, machines and runs, as they really are. */
final class Facts {

    private final Map<JobId, JobRecord> records = new HashMap<>();
    private final Map<Integer, String> owners = new HashMap<>();
    private final Map<MachineId, MachineFacts> machines = new LinkedHashMap<>();
    private final Map<RunKey, RunFacts> runs = new LinkedHashMap<>();
    private final Map<JobId, List<RunFacts>> runsOf = new HashMap<>();
    private final Map<LaunchToken, Integer> wanted = new HashMap<>();
    private final Map<JobId, List<JobResult>> results = new LinkedHashMap<>();
    private final Set<JobId> cancelled = new HashSet<>();
    private final Set<Fault> struck = EnumSet.noneOf(Fault.class);

    /** A machine. */
    static final class MachineFacts {
        final MachineId id;

        /** Null if no worker has asked for it. */
        final FakeCloudEvent.@Nullable Made made;

        final boolean isOfGroup;
        final Instant since;
        final Set<Fault> struck = EnumSet.noneOf(Fault.class);

        /** By when it has ended by itself. */
        Instant leaseEnd;

        @Nullable Event stopped;

        private MachineFacts(
                MachineId id,
                FakeCloudEvent.@Nullable Made made,
                boolean isOfGroup,
                Instant since,
                Instant leaseEnd) {
            this.id = id;
            this.made = made;
            this.isOfGroup = isOfGroup;
            this.since = since;
            this.leaseEnd = leaseEnd;
        }

        boolean isStrange() {
            return made == null;
        }

        /** Whether it came of one of these launches. */
        boolean isOf(Set<LaunchToken> launches) {
            return made != null && launches.contains(made.token());
        }

        boolean isStopped() {
            return stopped != null;
        }
    }

    /** A run that was really started. */
    static final class RunFacts {
        final RunKey key;
        final MachineFacts machine;
        final Event started;
        RunStatus.@Nullable Ended ended;

        private RunFacts(RunKey key, MachineFacts machine, Event started) {
            this.key = key;
            this.machine = machine;
            this.started = started;
        }

        /** Whether it runs at this moment. */
        boolean isGoing() {
            return ended == null && !machine.isStopped();
        }
    }

    void see(Event event) {
        switch (event) {
            case Event.InTopics(FakeTopicsEvent what) -> see(what);
            case Event.InCloud(FakeCloudEvent what) -> see(event, what);
            case Event.OnGround(FakeGroundEvent what) -> see(event, what);
            case Event.Struck struckEvent -> {
                struck.add(struckEvent.fault());
                struckEvent
                        .machine()
                        .map(machines::get)
                        .ifPresent(machine -> machine.struck.add(struckEvent.fault()));
            }
            case Event.Output _, Event.ToWorker _, Event.Cleared _, Event.Ended _ -> {}
        }
    }

    private void see(FakeTopicsEvent event) {
        switch (event) {
            case FakeTopicsEvent.Published published -> {
                if (published.message() instanceof Incoming.Cancelled(_, JobId id)) {
                    cancelled.add(id);
                }
            }
            case FakeTopicsEvent.Opened opened -> owners.put(opened.shard(), opened.by());
            case FakeTopicsEvent.Committed committed -> {
                for (JobRecord record : committed.commit().records()) {
                    records.put(record.id(), record);
                    if (record.state() instanceof JobState.Launching launching) {
                        launching.seats().stream()
                                .map(Seat::launch)
                                .forEach(launch -> wanted.put(launch.token(), launch.count()));
                    }
                }
                for (JobResult result : committed.commit().results()) {
                    results.computeIfAbsent(result.id(), _ -> new ArrayList<>()).add(result);
                }
            }
            case FakeTopicsEvent.Delivered _,
                    FakeTopicsEvent.Troubled _,
                    FakeTopicsEvent.Lost _ -> {}
        }
    }

    private void see(Event event, FakeCloudEvent what) {
        switch (what) {
            case FakeCloudEvent.Made made ->
                    machines.put(
                            made.machine(),
                            new MachineFacts(
                                    made.machine(),
                                    made,
                                    true,
                                    made.at(),
                                    made.at().plus(made.launch().lease())));
            case FakeCloudEvent.Appeared appeared ->
                    machines.put(
                            appeared.machine(),
                            new MachineFacts(
                                    appeared.machine(),
                                    null,
                                    appeared.isOfGroup(),
                                    appeared.at(),
                                    Instant.MAX));
            case FakeCloudEvent.Stopped stopped -> machine(stopped.machine()).stopped = event;
            case FakeCloudEvent.MadeBefore _,
                    FakeCloudEvent.TerminationAsked _,
                    FakeCloudEvent.Failed _,
                    FakeCloudEvent.Slowed _,
                    FakeCloudEvent.Violation _ -> {}
        }
    }

    private void see(Event event, FakeGroundEvent what) {
        switch (what) {
            case FakeGroundEvent.Started(_, _, MachineId machine, RunKey key) -> {
                RunFacts run = new RunFacts(key, machine(machine), event);
                // The first one counts: a second start is a breach of its own.
                if (runs.putIfAbsent(key, run) == null) {
                    runsOf.computeIfAbsent(key.job(), _ -> new ArrayList<>()).add(run);
                }
            }
            case FakeGroundEvent.Ended(_, _, RunKey key, RunStatus.Ended how) -> {
                @Nullable RunFacts run = runs.get(key);
                if (run != null) {
                    run.ended = how;
                }
            }
            case FakeGroundEvent.Extended(Instant at, _, MachineId machine, Duration lease) ->
                    machine(machine).leaseEnd = at.plus(lease);
            case FakeGroundEvent.Broke broke ->
                    machine(broke.machine()).struck.add(Fault.EXCHANGES_BREAK);
            case FakeGroundEvent.LoggedIn _,
                    FakeGroundEvent.Mistrusted _,
                    FakeGroundEvent.NotReached _,
                    FakeGroundEvent.Refused _,
                    FakeGroundEvent.Served _,
                    FakeGroundEvent.SetUp _,
                    FakeGroundEvent.StartedBefore _,
                    FakeGroundEvent.Stopped _ -> {}
        }
    }

    /** The latest record of a job that is true, or null. */
    @Nullable JobRecord record(JobId id) {
        return records.get(id);
    }

    Collection<JobRecord> records() {
        return records.values();
    }

    /** The process that opened a shard last; empty text if nobody has. */
    String owner(int shard) {
        return owners.getOrDefault(shard, "");
    }

    MachineFacts machine(MachineId id) {
        @Nullable MachineFacts facts = machines.get(id);
        if (facts == null) {
            throw new IllegalStateException("machine " + id + " has never been made");
        }
        return facts;
    }

    Collection<MachineFacts> machines() {
        return machines.values();
    }

    @Nullable RunFacts run(RunKey key) {
        return runs.get(key);
    }

    List<RunFacts> runsOf(JobId job) {
        return runsOf.getOrDefault(job, List.of());
    }

    Collection<RunFacts> runs() {
        return runs.values();
    }

    List<JobResult> results(JobId job) {
        return results.getOrDefault(job, List.of());
    }

    Map<JobId, List<JobResult>> results() {
        return results;
    }

    /** How many machines a launch is for; 0 if no record that is true names it. */
    int wanted(LaunchToken token) {
        return wanted.getOrDefault(token, 0);
    }

    boolean isCancelled(JobId id) {
        return cancelled.contains(id);
    }

    /** Whether anything of that scope has gone wrong so far, wherever. */
    boolean hasStruck(Fault.Scope scope) {
        return struck.stream().anyMatch(fault -> fault.scope() == scope);
    }

    boolean hasStruck(Fault fault) {
        return struck.contains(fault);
    }

    /** The worker's process of a thread's name. */
    static String process(String thread) {
        int slash = thread.indexOf('/');
        return slash < 0 ? thread : thread.substring(0, slash);
    }
}
