package dev.spate.board;

import dev.spate.job.JobRecord;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The jobs that were settled in a stretch of time.
 *
 * @param start when it begins
 * @param settled how many, by outcome
 * @param machineTime paid time of all their machines
 * @param costUsd what that cost, as far as prices are known
 * @param phases how long their phases took
 * @param profiles what was used by profile, for a bounded number of profiles; the rest is under
 *     {@value #OTHER}
 */
public record Window(
        Instant start,
        Map<Outcome, Long> settled,
        Duration machineTime,
        BigDecimal costUsd,
        Map<Phase, PhaseTime> phases,
        Map<String, Use> profiles) {

    /** Stands for all profiles beyond those told by name. */
    public static final String OTHER = "(other)";

    private static final int PROFILES_MAX = 50;
    private static final int PROFILE_LENGTH_MAX = 100;

    public Window {
        settled = copy(settled, Outcome.class);
        phases = copy(phases, Phase.class);
        profiles = Collections.unmodifiableMap(new TreeMap<>(profiles));
    }

    /** Nothing yet. */
    public static Window empty(Instant start) {
        return new Window(start, Map.of(), Duration.ZERO, BigDecimal.ZERO, Map.of(), Map.of());
    }

    /** This window's start, and the sums of both. */
    public Window plus(Window other) {
        Map<Outcome, Long> settledSum = new EnumMap<>(Outcome.class);
        settledSum.putAll(settled);
        other.settled.forEach((outcome, count) -> settledSum.merge(outcome, count, Long::sum));
        Map<Phase, PhaseTime> phasesSum = new EnumMap<>(Phase.class);
        phasesSum.putAll(phases);
        other.phases.forEach((phase, time) -> phasesSum.merge(phase, time, PhaseTime::plus));
        Map<String, Use> profilesSum = new TreeMap<>(profiles);
        other.profiles.forEach((profile, use) -> profilesSum.merge(profile, use, Use::plus));
        return new Window(
                start,
                settledSum,
                machineTime.plus(other.machineTime),
                costUsd.add(other.costUsd),
                phasesSum,
                profilesSum);
    }

    /**
     * The same with one more job that was settled in it.
     *
     * @param record a settled one
     */
    Window plus(JobRecord record) {
        Outcome outcome = record.state().endingIfSettled().orElseThrow().outcome();
        Duration time = record.spent().machineTime();
        BigDecimal cost = record.spent().usd();
        Map<Phase, PhaseTime> times = new EnumMap<>(Phase.class);
        record.phases().forEach((phase, took) -> times.put(phase, PhaseTime.of(took)));
        return plus(
                new Window(
                        start,
                        Map.of(outcome, 1L),
                        time,
                        cost,
                        times,
                        Map.of(label(record.job().profile()), new Use(1, time, cost))));
    }

    /** Names of profiles come from outside. */
    private String label(String profile) {
        boolean isOneTooMany = !profiles.containsKey(profile) && profiles.size() >= PROFILES_MAX;
        return isOneTooMany || profile.length() > PROFILE_LENGTH_MAX ? OTHER : profile;
    }

    /**
     * How long a phase took.
     *
     * @param count of how many jobs
     * @param sum of all of them
     * @param max of the slowest
     */
    public record PhaseTime(long count, Duration sum, Duration max) {

        /** Of one job. */
        static PhaseTime of(Duration took) {
            return new PhaseTime(1, took, took);
        }

        PhaseTime plus(PhaseTime other) {
            return new PhaseTime(
                    count + other.count,
                    sum.plus(other.sum),
                    max.compareTo(other.max) >= 0 ? max : other.max);
        }
    }

    /**
     * What jobs have used.
     *
     * @param jobs how many jobs
     * @param machineTime paid time of all their machines
     * @param costUsd what that cost, as far as prices are known
     */
    public record Use(long jobs, Duration machineTime, BigDecimal costUsd) {

        Use plus(Use other) {
            return new Use(
                    jobs + other.jobs,
                    machineTime.plus(other.machineTime),
                    costUsd.add(other.costUsd));
        }
    }

    private static <K extends Enum<K>, V> Map<K, V> copy(Map<K, V> map, Class<K> type) {
        EnumMap<K, V> copy = new EnumMap<>(type);
        copy.putAll(map);
        return Collections.unmodifiableMap(copy);
    }
}
