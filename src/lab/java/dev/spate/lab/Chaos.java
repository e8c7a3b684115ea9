package dev.spate.lab;

import dev.spate.chaos.ChaosRun;
import dev.spate.chaos.ChaosSettings;
import java.nio.file.Files;
import java.time.Duration;

/** Kills workers and brokers while jobs run, and counts what is lost, doubled or left behind. */
final class Chaos implements Benchmark {

    private static final Duration ADOPTION_MARGIN = Duration.ofSeconds(10);
    private static final int JOBS_A_KILL = 4;
    private static final int SECONDS_A_KILL = 9;

    @Override
    public String name() {
        return "chaos";
    }

    @Override
    public String summary() {
        return "worker processes killed, stopped and restarted in mid-job, the broker bounced, the cloud"
                + " in bad weather: what is lost, run twice or leaked\n            --kills N --minutes M"
                + " --seed S --session-timeout SECONDS";
    }

    @Override
    public boolean run(Options options) throws Exception {
        options.requireOnly("kills", "minutes", "seed", "session-timeout");
        int kills = options.value("kills", 30);
        Duration length =
                Duration.ofMinutes(
                        options.value("minutes", Math.max(1, kills * SECONDS_A_KILL / 60)));
        return ChaosRun.run(
                        new ChaosSettings(
                                kills,
                                length,
                                options.value("seed", 7),
                                Duration.ofSeconds(options.value("session-timeout", 6)),
                                ADOPTION_MARGIN,
                                20 + JOBS_A_KILL * kills,
                                Files.createTempDirectory("spate-chaos")),
                        System.out)
                .isEmpty();
    }
}
