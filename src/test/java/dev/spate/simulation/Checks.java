package dev.spate.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** All checks, over one history. */
final class Checks {

    private final Facts facts = new Facts();
    private final List<Breach> breaches = new ArrayList<>();
    private final List<Check> checks;

    /** The checks of a scenario's history. */
    Checks(Scenario scenario) {
        Consumer<Breach> judge = breaches::add;
        checks =
                List.of(
                        new OneResult(facts, judge),
                        new OneReject(facts, judge),
                        new TrueResults(scenario.isRoomScarce(), facts, judge),
                        new TrueOutput(scenario.engine().logBytesMax(), facts, judge),
                        new OneAttempt(facts, judge),
                        new StartedOnce(facts, judge),
                        new NoNeedlessAttempt(facts, judge),
                        new RightfulKills(facts, judge),
                        new RightfulStarts(facts, judge),
                        new StaleRefused(facts, judge),
                        new NoExtraMachine(facts, judge),
                        new WithinLease(facts, judge),
                        new NothingLeft(facts, judge),
                        new ForeignUntouched(facts, judge),
                        new GivenTime(scenario.fleet().sweep().interval(), facts, judge),
                        new RightMachine(facts, judge),
                        new LegalJournal(facts, judge),
                        new OwnersOnly(facts, judge),
                        new Bounded(scenario.unclaimedMax(), facts, judge),
                        new ComesToRest(facts, judge));
    }

    /**
     * Judges a history that is over.
     *
     * @param isAbandoned whether all workers are dead for good: then only what needs no worker is
     *     promised to come to an end
     */
    List<Breach> judge(History history, boolean isAbandoned) {
        for (Event event : history.events()) {
            facts.see(event);
            checks.forEach(check -> check.see(event));
        }
        for (Check check : checks) {
            if (!isAbandoned || check.promise() == Promise.WITHIN_LEASE) {
                check.end();
            }
        }
        return List.copyOf(breaches);
    }

    /** How often each promise was at stake. */
    Map<Promise, Long> counts() {
        Map<Promise, Long> counts = new EnumMap<>(Promise.class);
        checks.forEach(check -> counts.put(check.promise(), check.count()));
        return counts;
    }
}
