package dev.spate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.board.Statistics;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatisticsJsonTest {

    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

    @Test
    void readsWhatAnotherWorkerWrote() throws Exception {
        InMemoryBoard board = new InMemoryBoard(() -> NOW);
        InMemoryJobs jobs = new InMemoryJobs(new Random(1), NOW);
        for (int number = 0; number < 100; number++) {
            board.put(jobs.draw(number));
        }
        Statistics statistics = board.statistics(Duration.ofHours(3), Duration.ofMinutes(10));

        byte[] sent = Json.bytes(StatisticsJson.write(statistics));
        Statistics received = StatisticsJson.read(Json.read(sent));

        assertThat(Json.bytes(StatisticsJson.write(received))).isEqualTo(sent);
        assertThat(received.windows()).hasSameSizeAs(statistics.windows());
    }

    @Test
    void readsNothingElse() {
        assertThatThrownBy(() -> StatisticsJson.read(Json.object()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
