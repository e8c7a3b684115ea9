package dev.spate.cli;

import dev.spate.config.Configuration;
import dev.spate.fleet.Catalog;
import dev.spate.fleet.Machine;
import dev.spate.fleet.Promised;
import dev.spate.job.JobRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spate machines}. */
@Command(
        name = "machines",
        description = {
            "Show the group's machines in EC2, oldest first: what they are, for whom, and what they"
                    + " have cost.",
            "The lease is the one in their tags: a machine that was used again may have longer."
        },
        footer = {"", "Example:", "  SPATE_GROUP=builds spate machines --json"})
final class MachinesCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

    @Option(names = "--json", description = "Print machines as JSON, one a line.")
    private boolean isJson;

    MachinesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logs.onlyTrouble();
        Configuration configuration = options.readOrLocal(Configuration.Reader.OPERATOR, terminal);
        try (Inventory inventory = new Inventory(configuration)) {
            List<Machine> machines = inventory.machines();
            inventory.read(_ -> {});
            print(machines, inventory);
        }
        return 0;
    }

    private void print(List<Machine> machines, Inventory inventory) throws InterruptedException {
        Map<String, Catalog.MachineType> prices =
                machines.isEmpty()
                        ? Map.of()
                        : inventory.prices(
                                machines.stream()
                                        .map(machine -> machine.pool().type())
                                        .collect(Collectors.toSet()));
        Map<Integer, Promised> promised = inventory.promised();
        Instant now = inventory.scheduler().now();
        if (!isJson) {
            terminal.print(machines.isEmpty() ? "No machines." : MachineLine.HEADING);
        }
        machines.stream()
                .sorted(Comparator.comparing(Machine::launchedAt))
                .map(machine -> line(machine, inventory, promised, prices, now))
                .forEach(line -> terminal.print(isJson ? line.json() : line.text()));
    }

    private static MachineLine line(
            Machine machine,
            Inventory inventory,
            Map<Integer, Promised> promised,
            Map<String, Catalog.MachineType> prices,
            Instant now) {
        int shard = machine.shard().orElse(-1);
        Collection<JobRecord> records = inventory.jobs(shard);
        Promised known = promised.getOrDefault(shard, Promised.by(List.of()));
        return MachineLine.of(machine, known.jobs(machine), records, prices, now);
    }
}
