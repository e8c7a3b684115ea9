package dev.spate.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ChanceTest {

    @Test
    void isTheSameForTheSameSeedAndName() {
        assertThat(new Chance(1).draw("a")).isEqualTo(new Chance(1).draw("a"));
        assertThat(new Chance(1).draw("a")).isNotEqualTo(new Chance(2).draw("a"));
        assertThat(new Chance(1).draw("a")).isNotEqualTo(new Chance(1).draw("b"));
    }

    @Test
    void comesAboutAsOftenAsItShould() {
        Chance chance = new Chance(1);
        long times = IntStream.range(0, 10_000).filter(i -> chance.happens(0.2, "x" + i)).count();

        assertThat(times).isBetween(1_900L, 2_100L);
        assertThat(chance.happens(0, "x")).isFalse();
        assertThat(chance.happens(1, "x")).isTrue();
    }

    @Test
    void staysWithinItsBounds() {
        Chance chance = new Chance(1);

        assertThat(
                        IntStream.range(0, 1_000)
                                .mapToObj(i -> chance.about(Duration.ofSeconds(10), 0.5, "x" + i)))
                .allMatch(d -> d.toSeconds() >= 5 && d.toSeconds() <= 15);
        assertThat(chance.id("i", "x")).matches("i-0[0-9a-f]{16}");
    }
}
