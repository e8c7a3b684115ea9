package dev.spate.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a run comes to, for people. */
final class Table {

    private final StringBuilder text = new StringBuilder();

    private Table() {}

    /**
     * The table.
     *
     * @param struck the blows as they came
     * @param workersStarted in all
     */
    static String of(
            Checker.Evidence evidence,
            List<Complaint> complaints,
            List<Adoptions.Struck> struck,
            int workersStarted,
            Duration took) {
        Table table = new Table();
        table.heading(evidence.settings(), took);
        table.work(evidence, struck, workersStarted);
        table.row("", "");
        Map<Complaint.Wrong, Long> counts =
                complaints.stream()
                        .collect(Collectors.groupingBy(Complaint::wrong, Collectors.counting()));
        for (Complaint.Wrong wrong : Complaint.Wrong.values()) {
            table.row(wrong.words(), Long.toString(counts.getOrDefault(wrong, 0L)));
        }
        table.row("", "");
        table.adoptions(evidence);
        return table.text.toString();
    }

    private void heading(ChaosSettings settings, Duration took) {
        text.append(
                "%nChaos, seed %d: %d kills in %d s, over after %d s; session time-out %d s%n"
                        .formatted(
                                settings.seed(),
                                settings.kills(),
                                settings.length().toSeconds(),
                                took.toSeconds(),
                                settings.sessionTimeout().toSeconds()));
    }

    private void work(
            Checker.Evidence evidence, List<Adoptions.Struck> struck, int workersStarted) {
        Map<String, Long> kills =
                struck.stream()
                        .map(one -> one.blow().kind())
                        .filter(kind -> !kind.isEmpty())
                        .collect(
                                Collectors.groupingBy(
                                        kind -> kind, TreeMap::new, Collectors.counting()));
        row("kills", kills.toString());
        row("workers started", Integer.toString(workersStarted));
        row(
                "jobs",
                evidence.jobs().size()
                        + " "
                        + evidence.jobs().stream()
                                .collect(
                                        Collectors.groupingBy(
                                                ChaosJob::kind,
                                                TreeMap::new,
                                                Collectors.counting())));
        row("results", Integer.toString(evidence.results().size()));
        row(
                "machines",
                evidence.cloud().of(Stage.GROUP).size()
                        + " of ours, "
                        + evidence.foreign().size()
                        + " of others");
        row(
                "weather",
                evidence.cloud().lostReplies() + " replies lost, " + evidence.cloud().refusals());
    }

    private void adoptions(Checker.Evidence evidence) {
        List<Duration> all = new ArrayList<>();
        List<Duration> undisturbed = new ArrayList<>();
        for (Adoptions.Adoption adoption : evidence.adoptions()) {
            all.add(adoption.took());
            if (adoption.disturbances() == 0) {
                undisturbed.add(adoption.took());
            }
        }
        row("adoptions", percentiles(all));
        row(
                "undisturbed ones",
                percentiles(undisturbed)
                        + ", at most "
                        + evidence.settings().adoptionMax().toSeconds()
                        + " s");
    }

    private static String percentiles(List<Duration> durations) {
        List<Duration> sorted = durations.stream().sorted().toList();
        return sorted.isEmpty()
                ? "none"
                : "%d, p50 %.1f s, p99 %.1f s"
                        .formatted(
                                sorted.size(),
                                percentile(sorted, 50).toMillis() / 1e3,
                                percentile(sorted, 99).toMillis() / 1e3);
    }

    /** The duration that a share of all does not exceed. */
    private static Duration percentile(List<Duration> sorted, int percent) {
        int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
        return sorted.get(Math.max(0, rank - 1));
    }

    private void row(String name, String value) {
        text.append(name.isEmpty() ? "%n".formatted() : "  %-26s %s%n".formatted(name, value));
    }
}
