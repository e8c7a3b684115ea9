package dev.spate.board;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How things are at the moment.
 *
 * @param jobs how many, by stage
 * @param machines how many machines they have
 * @param usdPerHour what those cost, as far as prices are known
 */
public record Now(Map<Stage, Integer> jobs, int machines, BigDecimal usdPerHour) {

    public Now {
        EnumMap<Stage, Integer> copy = new EnumMap<>(Stage.class);
        copy.putAll(jobs);
        jobs = Collections.unmodifiableMap(copy);
    }

    Now plus(Now other) {
        Map<Stage, Integer> sum = new EnumMap<>(Stage.class);
        sum.putAll(jobs);
        other.jobs.forEach((stage, count) -> sum.merge(stage, count, Integer::sum));
        return new Now(sum, machines + other.machines, usdPerHour.add(other.usdPerHour));
    }
}
