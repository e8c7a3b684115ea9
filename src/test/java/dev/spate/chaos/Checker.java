package dev.spate.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spate.chaos.Complaint.Wrong;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides whether a run went as it should, by evidence that no worker has a hand in. */
final class Checker {

    private static final Set<String> DONE = Set.of("released", "settled");

    private Checker() {}

    /**
     * All there is to go by.
     *
     * @param foreign the ids of machines that are not the group's, and their states at the end
     * @param surprises what processes did that nobody had asked of them
     */
    record Evidence(
            ChaosSettings settings,
            List<ChaosJob> jobs,
            List<TopicReader.Message> results,
            List<TopicReader.Message> rejects,
            List<TopicReader.Message> journal,
            CloudRecord cloud,
            Map<String, String> foreign,
            RunCheck runs,
            List<Adoptions.Adoption> adoptions,
            List<String> surprises) {}

    /** Everything that must not be. */
    static List<Complaint> check(Evidence evidence) throws IOException {
        List<Complaint> complaints = new ArrayList<>();
        complaints.addAll(new ResultCheck().check(evidence.jobs(), evidence.results()));
        complaints.addAll(evidence.runs().check(evidence.jobs()));
        complaints.addAll(rejects(evidence));
        complaints.addAll(journal(evidence));
        complaints.addAll(machines(evidence));
        complaints.addAll(adoptions(evidence));
        evidence.surprises().forEach(what -> complaints.add(new Complaint(Wrong.SURPRISES, what)));
        complaints.sort(Comparator.comparing(Complaint::wrong).thenComparing(Complaint::about));
        return complaints;
    }

    private static List<Complaint> rejects(Evidence evidence) {
        Map<String, Long> counts =
                evidence.rejects().stream()
                        .collect(
                                Collectors.groupingBy(
                                        TopicReader.Message::key, Collectors.counting()));
        return evidence.jobs().stream()
                .filter(job -> counts.getOrDefault(job.id(), 0L) != job.rejects())
                .map(
                        job ->
                                new Complaint(
                                        Wrong.WRONG_REJECTS,
                                        "%s (%s) has %d, not %d"
                                                .formatted(
                                                        job.id(),
                                                        job.kind(),
                                                        counts.getOrDefault(job.id(), 0L),
                                                        job.rejects())))
                .toList();
    }

    private static List<Complaint> journal(Evidence evidence) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Map<String, String> states = new LinkedHashMap<>();
        for (TopicReader.Message message : evidence.journal()) {
            if (message.value().isEmpty()) {
                states.remove(message.key());
            } else {
                states.put(
                        message.key(),
                        json.readTree(message.value().get()).path("state").path("is").asText());
            }
        }
        return states.entrySet().stream()
                .filter(entry -> !DONE.contains(entry.getValue()))
                .map(
                        entry ->
                                new Complaint(
                                        Wrong.UNFINISHED_IN_JOURNAL,
                                        entry.getKey() + " is " + entry.getValue()))
                .toList();
    }

    private static List<Complaint> machines(Evidence evidence) {
        List<Complaint> complaints = new ArrayList<>();
        for (CloudRecord.Machine machine : evidence.cloud().of(Stage.GROUP)) {
            if (machine.isLive()) {
                complaints.add(
                        new Complaint(
                                Wrong.LEAKED_MACHINES,
                                "%s, launched at %s, is %s"
                                        .formatted(
                                                machine.id(),
                                                machine.launched(),
                                                machine.state())));
            }
        }
        evidence.foreign()
                .forEach(
                        (id, state) -> {
                            List<String> touches =
                                    evidence.cloud().touches().getOrDefault(id, List.of());
                            if (!state.equals("running") || !touches.isEmpty()) {
                                complaints.add(
                                        new Complaint(
                                                Wrong.FOREIGN_MACHINES_TOUCHED,
                                                id + " is " + state + ", calls " + touches));
                            }
                        });
        return complaints;
    }

    private static List<Complaint> adoptions(Evidence evidence) {
        return evidence.adoptions().stream()
                .filter(adoption -> adoption.isLate(evidence.settings().adoptionMax()))
                .map(
                        adoption ->
                                new Complaint(
                                        Wrong.LATE_ADOPTIONS,
                                        "shard %d was taken up %.1f s after %s at %s, %d blows in between"
                                                .formatted(
                                                        adoption.shard(),
                                                        adoption.took().toMillis() / 1e3,
                                                        adoption.after().blow().words(),
                                                        adoption.after().at(),
                                                        adoption.disturbances())))
                .toList();
    }
}
