package dev.spate.fleet;

import dev.spate.job.Hold;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.MachineSpec;
import dev.spate.job.Market;
import dev.spate.job.Member;
import dev.spate.job.Pool;
import dev.spate.job.Retries;
import dev.spate.job.Role;
import dev.spate.job.RoleName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Jobs, launches and settings that differ only in what a test is about. */
final class Samples {

    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    static final MachineSpec SPEC = spec(Market.ON_DEMAND, "c7i.large");
    static final Pool POOL = pool(Market.ON_DEMAND, "c7i.large", "");
    static final Member MEMBER = new Member(RoleName.MAIN, 0);

    /** As {@link FakeCloud} has by itself. */
    static final Catalog CATALOG =
            new Catalog(
                    Map.of("ubuntu-24.04", "ami-1"),
                    Map.of(
                            "c7i.large", price("0.0892", "0.0357"),
                            "c6i.large", price("0.0850", "0.0340"),
                            "t3.small", price("0.0208", "0.0062")),
                    "eu-west-1");

    private Samples() {}

    static MachineSpec spec(Market market, String... types) {
        return new MachineSpec(
                "ubuntu-24.04", List.of(types), market, Optional.empty(), Optional.empty());
    }

    static Pool pool(Market market, String type, String zone) {
        return new Pool(market, type, Optional.of(zone).filter(name -> !name.isEmpty()));
    }

    static Catalog.MachineType price(String onDemand, String spot) {
        return new Catalog.MachineType(usd(onDemand), usd(spot));
    }

    static Role role(String name, int count, MachineSpec spec, Optional<String> setup) {
        return new Role(
                new RoleName(name),
                count,
                false,
                spec,
                setup,
                "true",
                new TreeMap<>(),
                List.of(),
                List.of());
    }

    static Job job(String id, boolean mayReuse, Role... roles) {
        return new Job(
                new JobId(id),
                "default",
                List.of(roles),
                Duration.ofMinutes(30),
                Duration.ofHours(1),
                new Retries(2, 0),
                mayReuse,
                true);
    }

    /** A job of one machine. */
    static Demand demand(String id) {
        return demand(id, 1, SPEC);
    }

    static Demand demand(String id, int machines, MachineSpec spec) {
        return new Demand(
                job(id, true, role("main", machines, spec, Optional.empty())), Instant.EPOCH, 1, 0);
    }

    static Launch launch(int number, int count) {
        return launch(number, 0, count);
    }

    static Launch launch(int number, int shard, int count) {
        return new Launch(
                new LaunchToken("%064x".formatted(number)),
                shard,
                SPEC,
                "ami-1",
                POOL,
                count,
                Duration.ofHours(1),
                NOON,
                Optional.empty());
    }

    static Hold hold(Launch launch, String machine) {
        return new Hold(MEMBER, launch, new MachineId(machine), NOON);
    }

    static Settings settings() {
        return new Settings();
    }

    /** Settings, changed one by one. */
    static final class Settings {
        private List<String> zones = List.of();
        private int machinesMax = 500;
        private int machinesPerMinuteMax = 10_000;
        private Duration idleTime = Duration.ofMinutes(1);
        private SweepSettings sweep = SweepSettings.defaults();

        Settings zones(String... names) {
            zones = List.of(names);
            return this;
        }

        Settings machinesMax(int max) {
            machinesMax = max;
            return this;
        }

        Settings machinesPerMinuteMax(int max) {
            machinesPerMinuteMax = max;
            return this;
        }

        Settings sweep(SweepSettings settings) {
            sweep = settings;
            return this;
        }

        Settings idleTime(Duration time) {
            idleTime = time;
            return this;
        }

        FleetSettings build() {
            FleetSettings all = FleetSettings.defaults("tests");
            return new FleetSettings(
                    all.group(),
                    all.loginUser(),
                    zones,
                    machinesMax,
                    machinesPerMinuteMax,
                    all.bootTimeout(),
                    all.setupTimeout(),
                    all.leaseMargin(),
                    idleTime,
                    all.pollPending(),
                    all.pollRunning(),
                    all.notFoundGrace(),
                    all.terminateLinger(),
                    all.capacityRest(),
                    all.quotaRest(),
                    all.callTimeout(),
                    all.retryPause(),
                    sweep);
        }
    }

    private static Optional<BigDecimal> usd(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(new BigDecimal(text));
    }
}
