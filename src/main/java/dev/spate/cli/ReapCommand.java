package dev.spate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.spate.async.Deadline;
import dev.spate.config.Configuration;
import dev.spate.fleet.Cloud;
import dev.spate.fleet.Judgement;
import dev.spate.fleet.Machine;
import dev.spate.fleet.Promised;
import dev.spate.job.Durations;
import dev.spate.job.Failure;
import dev.spate.job.JobRecord;
import dev.spate.job.MachineId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spate reap}. */
@Command(
        name = "reap",
        description = {
            "End the group's machines in EC2 that no job has. Workers do that by themselves, each for"
                    + " its own shards; this is for when there are none, or when they may not.",
            "Safe while workers run: a machine is ended only if no job has it, is promised it or has"
                    + " had it for a while, by the journal as it is read meanwhile; longer than a"
                    + " worker keeps a machine for the next job (fleet.idle-time, as configured here).",
            "Exit code 1 if a machine that should go is refused."
        },
        footer = {"", "Example:", "  SPATE_GROUP=builds spate reap --dry-run"})
final class ReapCommand implements Callable<Integer> {

    private static final Duration FOLLOW = Duration.ofSeconds(1);
    private static final int PERCENT_LATER = 120;
    private static final int PERCENT = 100;
    private static final Duration LATER = Duration.ofSeconds(2);

    private final Terminal terminal;

    @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

    @Option(names = "--dry-run", description = "Only tell which would be ended, and why.")
    private boolean isDryRun;

    @Option(
            names = "--pause",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "How far apart the two looks are that a machine has to be seen by; never less"
                            + " than workers keep idle machines (default: as little as may be).")
    private Optional<Duration> pause = Optional.empty();

    @Option(
            names = "--age-min",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How old it has to be (default: sweep.age-min).")
    private Optional<Duration> ageMin = Optional.empty();

    @Option(
            names = "--max",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most machines to end, 1 to 500 (default: ${DEFAULT-VALUE}).")
    private int endsMax;

    @Option(names = "--json", description = "Print machines and verdicts as JSON, one a line.")
    private boolean isJson;

    ReapCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logs.onlyTrouble();
        Configuration configuration = options.readOrLocal(Configuration.Reader.OPERATOR, terminal);
        if (endsMax < 1 || endsMax > Cloud.IDS_MAX) {
            throw Refusal.usage("--max: expected 1 to 500, found " + endsMax);
        }
        Duration between = between(configuration.fleet().idleTime());
        Duration age = ageMin.orElse(configuration.fleet().sweep().ageMin());
        try (Inventory inventory = new Inventory(configuration)) {
            return reap(inventory, between, age);
        }
    }

    /** Long enough for every machine that is idle now to be used or ended by its worker. */
    private Duration between(Duration idleTime) {
        Duration least = idleTime.multipliedBy(PERCENT_LATER).dividedBy(PERCENT).plus(LATER);
        Duration chosen = pause.orElse(least);
        if (chosen.compareTo(least) < 0) {
            throw Refusal.usage(
                    "--pause: expected at least %s, for workers keep idle machines for %s; found %s"
                            .formatted(
                                    Durations.format(least),
                                    Durations.format(idleTime),
                                    Durations.format(chosen)));
        }
        return chosen;
    }

    private int reap(Inventory inventory, Duration between, Duration age)
            throws InterruptedException {
        Set<MachineId> suspects = orphans(look(inventory, age));
        Set<MachineId> used = new HashSet<>();
        if (!suspects.isEmpty()) {
            follow(inventory, Deadline.after(inventory.scheduler(), between), used);
        }
        Map<Machine, Judgement> second = look(inventory, age);
        inventory.read(record -> used.addAll(named(record)));
        List<Machine> ending = new ArrayList<>();
        second.forEach(
                (machine, judgement) -> {
                    boolean isOrphan =
                            judgement instanceof Judgement.Orphan
                                    && suspects.contains(machine.id())
                                    && !used.contains(machine.id());
                    if (isOrphan && ending.size() < endsMax) {
                        ending.add(machine);
                    }
                    tell(machine, judgement, isOrphan && ending.contains(machine));
                });
        return isDryRun || ending.isEmpty() ? 0 : end(inventory, ending);
    }

    /** Lists first, and asks the journal after. */
    private static Map<Machine, Judgement> look(Inventory inventory, Duration age)
            throws InterruptedException {
        List<Machine> machines = inventory.machines();
        inventory.read(_ -> {});
        Map<Integer, Promised> promised = inventory.promised();
        Map<Machine, Judgement> judgements = new LinkedHashMap<>();
        for (Machine machine : machines) {
            int shard = machine.shard().orElse(-1);
            Judgement judgement =
                    Judgement.of(
                            machine,
                            OptionalInt.of(inventory.shardCount()),
                            promised.getOrDefault(shard, Promised.by(List.of())),
                            inventory.scheduler().now(),
                            age);
            boolean isElsewhere =
                    judgement instanceof Judgement.Orphan && !inventory.hasHadOwner(shard);
            judgements.put(
                    machine,
                    isElsewhere
                            ? new Judgement.Stray(
                                    "no worker has ever had shard "
                                            + shard
                                            + " of this journal: is it the group's?")
                            : judgement);
        }
        return judgements;
    }

    /** Reads what the journal says meanwhile: whoever has a machine in between has it. */
    private static void follow(Inventory inventory, Deadline end, Set<MachineId> used)
            throws InterruptedException {
        while (!end.hasPassed(inventory.scheduler())) {
            Duration left = end.remaining(inventory.scheduler());
            inventory.scheduler().sleep(left.compareTo(FOLLOW) < 0 ? left : FOLLOW);
            inventory.read(record -> used.addAll(named(record)));
        }
    }

    private static List<MachineId> named(JobRecord record) {
        return record.state().machines().stream().map(hold -> hold.machine()).toList();
    }

    private static Set<MachineId> orphans(Map<Machine, Judgement> judgements) {
        Set<MachineId> orphans = new HashSet<>();
        judgements.forEach(
                (machine, judgement) -> {
                    if (judgement instanceof Judgement.Orphan) {
                        orphans.add(machine.id());
                    }
                });
        return orphans;
    }

    private void tell(Machine machine, Judgement judgement, boolean isEnded) {
        String verdict = isEnded ? (isDryRun ? "would end" : "end") : "keep";
        boolean isNew = !isEnded && judgement instanceof Judgement.Orphan;
        String why =
                isNew
                        ? "no job has it now, but one has had it a moment ago, or it is one too"
                                + " many for one time"
                        : judgement.why();
        terminal.print(
                isJson
                        ? JsonNodeFactory.instance
                                .objectNode()
                                .put("id", machine.id().value())
                                .put("verdict", verdict)
                                .put("why", why)
                                .toString()
                        : "%-20s %-9s %s".formatted(machine.id(), verdict, why));
    }

    private int end(Inventory inventory, List<Machine> ending) throws InterruptedException {
        Set<MachineId> ids = new LinkedHashSet<>();
        ending.forEach(machine -> ids.add(machine.id()));
        Map<MachineId, Failure> refused = inventory.end(ids);
        refused.forEach((id, why) -> terminal.complain(id + " is refused: " + why.message()));
        return refused.isEmpty() ? 0 : Main.EXIT_FAILURE;
    }
}
