package dev.spate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The checks are worth what they find: every mistake that is planted has to be seen. */
final class MutationsTest {

    private static final int SEEDS_MAX = 2_000;

    @Test
    void everyPlantedMistakeIsSeen() throws InterruptedException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);

        boolean areSeen = new Simulate(out).mutations(1, SEEDS_MAX);

        String report = text.toString(StandardCharsets.UTF_8);
        System.out.println(report);
        assertThat(areSeen).as(report).isTrue();
    }
}
