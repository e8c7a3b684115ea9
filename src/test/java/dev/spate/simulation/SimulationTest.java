package dev.spate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A fixed set of seeds. {@code ./lab simulate} runs as many as one likes. */
final class SimulationTest {

    private static final int SEEDS = 20_000;

    @Test
    void keepsEveryPromiseInAnyWeather() throws InterruptedException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);
        int threads = Runtime.getRuntime().availableProcessors();

        boolean areKept = new Simulate(out).seeds(1, SEEDS, threads);

        String report = text.toString(StandardCharsets.UTF_8);
        System.out.println(report);
        assertThat(areKept).as(report).isTrue();
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        for (long seed = 1; seed <= 40; seed++) {
            Simulation.Outcome once = Simulation.run(seed, Mutation.NONE);
            Simulation.Outcome again = Simulation.run(seed, Mutation.NONE);

            assertThat(again.fingerprint()).as("seed %d", seed).isEqualTo(once.fingerprint());
            assertThat(Trace.of(again.history()))
                    .as("seed %d", seed)
                    .isEqualTo(Trace.of(once.history()));
        }
    }

    @Test
    void everyFaultStrikesAndEveryPromiseIsAtStake() throws InterruptedException {
        Tally tally = new Campaign(Mutation.NONE, false).run(1, 400, 1, _ -> {});

        assertThat(Fault.values()).allMatch(fault -> tally.faults(fault) > 0);
        assertThat(Promise.values()).allMatch(promise -> tally.promises(promise) > 0);
    }
}
