package dev.spate.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens when: a pure function of the settings.
 *
 * @param blows in the order in which they come
 */
record Plan(List<Blow.Timed> blows) {

    /** How often the weather turns bad, for each kill, on the average. */
    private static final double WEATHERS_A_KILL = 0.7;

    /** The broker is one, and nothing can be learnt while it is away. */
    private static final double BROKER_SHARE = 0.08;

    private static final double KILL_SHARE = 0.60;
    private static final double STOP_SHARE = 0.80;

    /** A JVM on a busy machine needs this to do anything that could be interrupted. */
    private static final Duration START_UP = Duration.ofSeconds(6);

    private static final Duration BROKER_AWAY_MIN = Duration.ofMillis(500);
    private static final Duration BROKER_AWAY_MAX = Duration.ofSeconds(4);
    private static final Duration BROKER_UP_MIN = Duration.ofSeconds(45);
    private static final Duration START_AFTER_MAX = Duration.ofSeconds(8);
    private static final Duration STOP_BEYOND_MAX = Duration.ofSeconds(8);

    Plan {
        blows = List.copyOf(blows);
    }

    static Plan of(ChaosSettings settings) {
        return new Draft(settings).plan();
    }

    /** When the last of it is done. */
    Duration end() {
        return blows.isEmpty() ? Duration.ZERO : blows.getLast().after();
    }

    /** A plan in the making. */
    private static final class Draft {

        private final ChaosSettings settings;
        private final SplittableRandom random;
        private final List<Blow.Timed> blows = new ArrayList<>();

        /** When each worker can be struck again. */
        private final Duration[] free = new Duration[ChaosSettings.WORKERS];

        private Duration brokerFree = START_UP;

        Draft(ChaosSettings settings) {
            this.settings = settings;
            this.random = new SplittableRandom(settings.seed());
            Arrays.fill(free, START_UP);
        }

        Plan plan() {
            clear(Weathers.ALWAYS, Duration.ZERO);
            clear(Weathers.ALL, Duration.ZERO);
            for (int kill = 0; kill < settings.kills(); kill++) {
                // Evenly over the time, each somewhere in its part.
                Duration at =
                        settings.length()
                                .multipliedBy(kill)
                                .plus(upTo(settings.length()))
                                .dividedBy(settings.kills());
                strike(at);
                if (random.nextDouble() < WEATHERS_A_KILL) {
                    weather(at.plus(upTo(Duration.ofSeconds(5))));
                }
            }
            clearUp();
            blows.sort(Comparator.comparing(Blow.Timed::after));
            return new Plan(blows);
        }

        private void strike(Duration earliest) {
            if (random.nextDouble() < BROKER_SHARE && brokerFree.compareTo(earliest) <= 0) {
                Duration back = earliest.plus(between(BROKER_AWAY_MIN, BROKER_AWAY_MAX));
                // After a kill, Kafka lets the former broker's session run out first.
                boolean isOrderly = random.nextInt(3) > 0;
                add(earliest, isOrderly ? new Blow.TerminateBroker() : new Blow.KillBroker());
                add(back, new Blow.StartBroker());
                brokerFree = back.plus(BROKER_UP_MIN);
                return;
            }
            int worker = random.nextInt(ChaosSettings.WORKERS);
            for (int other = 0; other < ChaosSettings.WORKERS; other++) {
                if (free[worker].compareTo(earliest) > 0
                        && free[other].compareTo(free[worker]) < 0) {
                    worker = other;
                }
            }
            Duration at = free[worker].compareTo(earliest) > 0 ? free[worker] : earliest;
            double kind = random.nextDouble();
            if (kind < KILL_SHARE) {
                add(at, new Blow.Kill(worker));
                restart(worker, at.plus(upTo(START_AFTER_MAX)));
            } else if (kind < STOP_SHARE) {
                Duration on =
                        at.plus(settings.sessionTimeout())
                                .plus(between(Duration.ofSeconds(1), STOP_BEYOND_MAX));
                add(at, new Blow.Stop(worker));
                add(on, new Blow.Continue(worker));
                free[worker] = on.plus(Duration.ofSeconds(2));
            } else {
                add(at, new Blow.Terminate(worker));
                restart(worker, at.plus(upTo(START_AFTER_MAX)));
            }
        }

        private void restart(int worker, Duration at) {
            add(at, new Blow.Start(worker));
            free[worker] = at.plus(START_UP);
        }

        private void weather(Duration at) {
            Weathers.Spell spell = Weathers.ALL.get(random.nextInt(Weathers.ALL.size()));
            add(at, new Blow.Weather(spell.name(), spell.bad()));
            add(
                    at.plus(between(Duration.ofSeconds(5), Duration.ofSeconds(20))),
                    new Blow.Weather(spell.name(), spell.good()));
        }

        /** The end is fair weather, whatever overlapped. */
        private void clearUp() {
            Duration end =
                    blows.stream()
                            .map(Blow.Timed::after)
                            .max(Comparator.naturalOrder())
                            .orElse(Duration.ZERO);
            clear(Weathers.ALL, end);
        }

        private void clear(List<Weathers.Spell> spells, Duration at) {
            spells.forEach(spell -> add(at, new Blow.Weather(spell.name(), spell.good())));
        }

        private void add(Duration at, Blow blow) {
            blows.add(new Blow.Timed(at, blow));
        }

        private Duration upTo(Duration most) {
            return Duration.ofNanos((long) (most.toNanos() * random.nextDouble()));
        }

        private Duration between(Duration least, Duration most) {
            return least.plus(upTo(most.minus(least)));
        }
    }
}
