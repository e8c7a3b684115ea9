package dev.spate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.fleet.Catalog;
import dev.spate.fleet.Machine;
import dev.spate.job.Durations;
import dev.spate.job.Hold;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.Market;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A machine, as a person or a program wants to know about it.
 *
 * @param jobs that have it, or wait for it
 * @param age since its launch
 * @param leaseLeft until the time in its tags; negative if that is over
 * @param usd what it has cost so far
 */
record MachineLine(
        Machine machine,
        List<JobId> jobs,
        Duration age,
        Optional<Duration> leaseLeft,
        Optional<BigDecimal> usd) {

    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3_600);
    private static final int USD_DIGITS = 6;
    private static final String FORM = "%-20s %-8s %-14s %-10s %-12s %5s %8s %8s %9s  %s";

    static final String HEADING =
            FORM.formatted(
                    "ID", "STATE", "TYPE", "MARKET", "ZONE", "SHARD", "AGE", "LEASE", "COST",
                    "JOBS");

    /**
     * @param records of the machine's shard
     * @param prices by machine type, for machines that no record has a price of
     */
    static MachineLine of(
            Machine machine,
            List<JobId> jobs,
            Collection<JobRecord> records,
            Map<String, Catalog.MachineType> prices,
            Instant now) {
        Duration age = machine.age(now);
        Optional<BigDecimal> hourly =
                records.stream()
                        .flatMap(record -> record.state().machines().stream())
                        .filter(hold -> hold.machine().equals(machine.id()))
                        .map(Hold::launch)
                        .findFirst()
                        .flatMap(launch -> launch.usdPerHour())
                        .or(() -> listed(machine, prices));
        return new MachineLine(
                machine,
                List.copyOf(jobs),
                age,
                machine.expiresAt().map(end -> Duration.between(now, end)),
                hourly.map(price -> cost(price, age)));
    }

    private static Optional<BigDecimal> listed(
            Machine machine, Map<String, Catalog.MachineType> prices) {
        Optional<Catalog.MachineType> type = Optional.ofNullable(prices.get(machine.pool().type()));
        return switch (machine.pool().market()) {
            case ON_DEMAND -> type.flatMap(Catalog.MachineType::onDemandUsdPerHour);
            case SPOT -> type.flatMap(Catalog.MachineType::spotUsdPerHour);
        };
    }

    private static BigDecimal cost(BigDecimal hourly, Duration age) {
        return hourly.multiply(BigDecimal.valueOf(age.toSeconds()))
                .divide(SECONDS_PER_HOUR, USD_DIGITS, RoundingMode.HALF_UP);
    }

    String text() {
        return FORM.formatted(
                        machine.id(),
                        state(),
                        machine.pool().type(),
                        market(),
                        machine.pool().zone().orElse("-"),
                        machine.shard().isPresent() ? machine.shard().getAsInt() : "-",
                        brief(age),
                        leaseLeft.map(MachineLine::brief).orElse("-"),
                        usd.map(Money::text).orElse("-"),
                        jobs.isEmpty() ? "-" : String.join(" ", ids()))
                .stripTrailing();
    }

    String json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", machine.id().value());
        json.put("state", state());
        json.put("type", machine.pool().type());
        json.put("market", market());
        machine.pool().zone().ifPresent(zone -> json.put("zone", zone));
        machine.shard().ifPresent(shard -> json.put("shard", shard));
        machine.token().ifPresent(token -> json.put("launch", token.value()));
        json.put("launchedAt", machine.launchedAt().toString());
        json.put("ageSeconds", age.toSeconds());
        machine.expiresAt().ifPresent(end -> json.put("expiresAt", end.toString()));
        leaseLeft.ifPresent(left -> json.put("leaseSeconds", left.toSeconds()));
        usd.ifPresent(cost -> json.put("costUsd", cost));
        var named = json.putArray("jobs");
        ids().forEach(named::add);
        return json.toString();
    }

    private List<String> ids() {
        return jobs.stream().map(JobId::value).toList();
    }

    private String state() {
        return machine.state().name().toLowerCase(Locale.ROOT);
    }

    private String market() {
        Market market = machine.pool().market();
        return market.word();
    }

    /** To the second, or to the minute if it is long. */
    static String brief(Duration time) {
        if (time.isNegative()) {
            return "over";
        }
        boolean isLong = time.compareTo(Duration.ofHours(1)) >= 0;
        return Durations.format(
                isLong
                        ? Duration.ofMinutes(time.toMinutes())
                        : Duration.ofSeconds(time.toSeconds()));
    }
}
