package dev.spate.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What {@code ./lab simulate} does: many seeds and a table, or one seed and its trace. */
public final class Simulate {

    /** So many events that speak of the same thing are shown with a breach. */
    private static final int EVENTS_MAX = 25;

    private static final long PROGRESS_SEEDS = 10_000;

    private final PrintStream out;

    public Simulate(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs seeds without a mistake planted, and prints what happened in them. Blocks for as long as
     * that takes.
     *
     * @param threads how many at a time
     * @return whether every promise was kept
     */
    public boolean seeds(long from, long count, int threads) throws InterruptedException {
        long beganAt = System.nanoTime();
        Tally tally =
                silently(
                        () ->
                                new Campaign(Mutation.NONE, false)
                                        .run(
                                                from,
                                                count,
                                                threads,
                                                done -> tellProgress(done, count)));
        double minutes = (System.nanoTime() - beganAt) / 60e9;
        tally.failures().forEach(this::print);
        printTables(tally);
        out.printf(
                "%,d seeds from %d: %,d failed; %,d events, %,d machines; %,.0f seeds/min on %d %s%n",
                tally.seeds(),
                from,
                tally.failed(),
                tally.events(),
                tally.machines(),
                tally.seeds() / minutes,
                threads,
                threads == 1 ? "thread" : "threads");
        return tally.failed() == 0;
    }

    /**
     * Runs one seed and prints its history, line by line.
     *
     * @param mutation the name of a mistake to be planted; {@code NONE} for none
     * @return whether every promise was kept
     */
    public boolean trace(long seed, String mutation) throws InterruptedException {
        Simulation.Outcome outcome =
                silently(() -> Simulation.run(seed, Mutation.valueOf(mutation)));
        out.print(Trace.of(outcome.history()));
        outcome.breaches()
                .forEach(breach -> out.printf("%s BROKEN: %s%n", breach.promise(), breach.what()));
        out.printf("fingerprint %016x%n", outcome.fingerprint());
        return outcome.breaches().isEmpty();
    }

    /**
     * Plants each mistake in turn, and prints how many seeds it takes until a promise is seen
     * broken.
     *
     * @return whether all are found within so many seeds
     */
    public boolean mutations(long from, long seedsMax) throws InterruptedException {
        boolean areFound = true;
        out.printf("%-22s %8s  %-20s %s%n", "mistake", "seeds", "seen by", "what is wrong");
        for (Mutation mutation : Mutation.values()) {
            if (mutation != Mutation.NONE) {
                Tally tally =
                        silently(
                                () -> new Campaign(mutation, true).run(from, seedsMax, 1, _ -> {}));
                boolean isFound = tally.failed() > 0;
                areFound &= isFound;
                out.printf(
                        "%-22s %8s  %-20s %s%n",
                        mutation,
                        isFound ? tally.seeds() : "> " + seedsMax,
                        isFound
                                ? tally.failures().getFirst().breaches().getFirst().promise()
                                : "nobody",
                        mutation.sentence());
            }
        }
        return areFound;
    }

    /** A failing seed: what was broken, the events that tell, and how to see it again. */
    void print(Simulation.Outcome outcome) {
        out.printf("seed %d%n", outcome.seed());
        for (Breach breach : outcome.breaches()) {
            out.printf("  %s: %s%n", breach.promise(), breach.promise().sentence());
            out.printf("  BROKEN: %s%n", breach.what());
        }
        Breach first = outcome.breaches().getFirst();
        concerned(outcome.history(), first).forEach(event -> out.println("  " + Trace.line(event)));
        out.printf(
                "  again: ./lab simulate --seed %d%s --trace%n%n",
                outcome.seed(),
                outcome.mutation() == Mutation.NONE ? "" : " --mutation " + outcome.mutation());
    }

    /** The evidence, and the last events about the job or machine that it names. */
    private static List<Event> concerned(History history, Breach breach) {
        String[] names =
                Arrays.stream(breach.what().split("[ :,/]", -1))
                        .filter(word -> word.startsWith("job-") || word.startsWith("i-"))
                        .toArray(String[]::new);
        List<Event> about = history.about(names);
        List<Event> last = about.subList(Math.max(0, about.size() - EVENTS_MAX), about.size());
        return history.events().stream()
                .filter(event -> last.contains(event) || breach.evidence().contains(event))
                .toList();
    }

    private void printTables(Tally tally) {
        out.printf("%n%-20s %12s  %s%n", "fault", "struck", "");
        for (Fault fault : Fault.values()) {
            out.printf("%-20s %,12d  %s%n", fault, tally.faults(fault), fault.sentence());
        }
        out.printf("%n%-20s %12s %8s  %s%n", "promise", "at stake", "broken", "");
        for (Promise promise : Promise.values()) {
            out.printf(
                    "%-20s %,12d %,8d  %s%n",
                    promise, tally.promises(promise), tally.broken(promise), promise.sentence());
        }
        out.printf(
                "%n%,d launches had an outcome that nobody was told: %,d extra machines%n",
                tally.unknownLaunches(), tally.broken(Promise.NO_EXTRA_MACHINE));
    }

    private void tellProgress(long done, long count) {
        if (done % PROGRESS_SEEDS == 0 && done < count) {
            out.printf("%,d of %,d seeds%n", done, count);
        }
    }

    /** Something to be done while the workers' logs are silent: they are many, and all is wrong. */
    private interface Body<T> {
        T run() throws InterruptedException;
    }

    private static <T> T silently(Body<T> body) throws InterruptedException {
        Logger workers = (Logger) LoggerFactory.getLogger("dev.spate");
        Level before = workers.getLevel();
        workers.setLevel(Level.OFF);
        try {
            return body.run();
        } finally {
            workers.setLevel(before);
        }
    }
}
