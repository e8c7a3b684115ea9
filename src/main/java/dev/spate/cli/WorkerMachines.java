package dev.spate.cli;

import dev.spate.async.Scheduler;
import dev.spate.engine.Worker;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.Machine;
import dev.spate.fleet.RosterEntry;
import dev.spate.job.JobRecord;
import dev.spate.job.Launch;
import dev.spate.job.MachineId;
import dev.spate.job.Pool;
import dev.spate.web.MachineRow;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A worker's machines and what they are for. Safe for any thread. */
final class WorkerMachines {

    private static final BigDecimal MILLIS_PER_HOUR =
            BigDecimal.valueOf(Duration.ofHours(1).toMillis());
    private static final int COST_DIGITS = 6;

    private final Worker worker;
    private final Fleet fleet;
    private final Scheduler scheduler;

    WorkerMachines(Worker worker, Fleet fleet, Scheduler scheduler) {
        this.worker = worker;
        this.fleet = fleet;
        this.scheduler = scheduler;
    }

    /** Those that are not known to be gone, at this moment. */
    List<MachineRow> rows() {
        Map<MachineId, MachineRow.Use> uses = new HashMap<>();
        for (JobRecord job : worker.snapshot().jobs()) {
            job.state()
                    .machines()
                    .forEach(
                            hold ->
                                    uses.put(
                                            hold.machine(),
                                            new MachineRow.Use(job.id(), hold.member())));
        }
        Instant now = scheduler.now();
        return fleet.machines().stream().flatMap(entry -> row(entry, uses, now)).toList();
    }

    /** One that nobody has launched and nobody has seen is nothing to tell of yet. */
    private static Stream<MachineRow> row(
            RosterEntry entry, Map<MachineId, MachineRow.Use> uses, Instant now) {
        Optional<Machine> seen = entry.seen();
        Optional<Pool> pool =
                seen.map(Machine::pool)
                        .filter(known -> known.zone().isPresent())
                        .or(() -> entry.launch().map(Launch::pool))
                        .or(() -> seen.map(Machine::pool));
        Optional<Instant> launchedAt =
                seen.map(Machine::launchedAt).filter(at -> at.isAfter(Instant.EPOCH));
        Optional<BigDecimal> price = entry.launch().flatMap(Launch::usdPerHour);
        return pool.stream()
                .map(
                        place ->
                                new MachineRow(
                                        entry.id(),
                                        entry.standing().name().toLowerCase(Locale.ROOT),
                                        place,
                                        seen.flatMap(Machine::address),
                                        launchedAt,
                                        entry.leaseLeft().map(now::plus),
                                        price,
                                        launchedAt.flatMap(at -> cost(price, at, now)),
                                        shard(entry),
                                        Optional.ofNullable(uses.get(entry.id()))));
    }

    private static int shard(RosterEntry entry) {
        return entry.launch()
                .map(Launch::shard)
                .orElseGet(() -> entry.seen().map(machine -> machine.shard().orElse(0)).orElse(0));
    }

    private static Optional<BigDecimal> cost(
            Optional<BigDecimal> usdPerHour, Instant since, Instant now) {
        long millis = Math.max(0, Duration.between(since, now).toMillis());
        return usdPerHour.map(
                price ->
                        price.multiply(BigDecimal.valueOf(millis))
                                .divide(MILLIS_PER_HOUR, COST_DIGITS, RoundingMode.HALF_UP));
    }
}
