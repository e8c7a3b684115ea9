package dev.spate.ec2;

import dev.spate.job.ByteSize;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineSpec;
import dev.spate.job.Market;
import dev.spate.job.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Launches to test with. */
final class Samples {

    static final LaunchToken TOKEN = new LaunchToken("0123456789abcdef".repeat(4));

    private Samples() {}

    static Launch launch(Market market, Optional<String> zone, Optional<ByteSize> disk) {
        MachineSpec spec =
                new MachineSpec(
                        "ubuntu-24.04", List.of("c7i.large"), market, Optional.empty(), disk);
        return new Launch(
                TOKEN,
                3,
                spec,
                "ami-0123456789abcdef0",
                new Pool(market, "c7i.large", zone),
                2,
                Duration.ofMinutes(30),
                Instant.parse("2026-01-01T00:30:00Z"),
                Optional.empty());
    }

    static Launch spot() {
        return launch(Market.SPOT, Optional.empty(), Optional.empty());
    }
}
