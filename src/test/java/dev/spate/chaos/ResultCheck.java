package dev.spate.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spate.chaos.Complaint.Wrong;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Compares results with what the jobs must give. */
final class ResultCheck {

    private final ObjectMapper json = new ObjectMapper();
    private final List<Complaint> complaints = new ArrayList<>();

    /**
     * Complaints about jobs without a result, with more than one, or with a wrong one.
     *
     * @param results the whole topic
     */
    List<Complaint> check(List<ChaosJob> jobs, List<TopicReader.Message> results)
            throws IOException {
        Map<String, List<TopicReader.Message>> byJob =
                results.stream().collect(Collectors.groupingBy(TopicReader.Message::key));
        for (ChaosJob job : jobs) {
            List<TopicReader.Message> own = byJob.getOrDefault(job.id(), List.of());
            if (own.isEmpty()) {
                complain(Wrong.LOST, job, "has no result");
            }
            if (own.size() > 1) {
                complain(Wrong.DUPLICATES, job, "has " + own.size() + " results");
            }
            for (TopicReader.Message result : own) {
                check(job, json.readTree(result.value().orElse(new byte[0])));
            }
        }
        for (String id : byJob.keySet()) {
            if (jobs.stream().noneMatch(job -> job.id().equals(id))) {
                complaints.add(new Complaint(Wrong.WRONG_RESULTS, id + " was never asked for"));
            }
        }
        return complaints;
    }

    private void check(ChaosJob job, JsonNode result) {
        ChaosJob.Expectation expected = job.expected();
        String outcome = result.path("outcome").asText();
        if (!expected.outcomes().contains(outcome)) {
            complain(
                    Wrong.WRONG_RESULTS,
                    job,
                    "is %s, not %s: %s"
                            .formatted(outcome, expected.outcomes(), result.path("error")));
            return;
        }
        if (!outcome.equals("succeeded") && !outcome.equals("failed")) {
            return;
        }
        if (result.path("exitCode").asInt(-1) != expected.exitCode()) {
            complain(
                    Wrong.WRONG_RESULTS,
                    job,
                    "exited with %s, not %d"
                            .formatted(result.path("exitCode"), expected.exitCode()));
        }
        if (result.path("members").size() != expected.members()) {
            complain(
                    Wrong.WRONG_RESULTS,
                    job,
                    "has %d members, not %d"
                            .formatted(result.path("members").size(), expected.members()));
        }
        for (JsonNode member : result.path("members")) {
            String name = member.path("role").asText() + "-" + member.path("index").asInt();
            String output = expected.output().get(name);
            if (output != null) {
                compare(job, name, member.path("stdout"), output);
            }
        }
    }

    private void compare(ChaosJob job, String member, JsonNode found, String expected) {
        long bytes = expected.getBytes(StandardCharsets.UTF_8).length;
        String head = found.path("head").asText();
        String tail = found.path("tail").asText();
        boolean isWhole =
                found.path("truncated").asBoolean()
                        ? !head.isEmpty() && !tail.isEmpty()
                        : (head + tail).equals(expected);
        if (found.path("bytes").asLong(-1) != bytes
                || !expected.startsWith(head)
                || !expected.endsWith(tail)
                || !isWhole) {
            complain(
                    Wrong.WRONG_RESULTS,
                    job,
                    "%s wrote %s bytes, not %d; head %s"
                            .formatted(
                                    member,
                                    found.path("bytes"),
                                    bytes,
                                    head.substring(0, Math.min(80, head.length()))));
        }
    }

    private void complain(Wrong wrong, ChaosJob job, String what) {
        complaints.add(new Complaint(wrong, job.id() + " (" + job.kind() + ") " + what));
    }
}
