package dev.spate.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.board.JobPage;
import dev.spate.board.Peer;
import dev.spate.job.JobId;
import dev.spate.job.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds one job, whoever of the group has it. */
final class JobLookup {

    private final Late late;
    private final Peers peers;

    JobLookup(Late late, Peers peers) {
        this.late = late;
        this.peers = peers;
    }

    /**
     * All about a job; a refusal if there is none, or nobody can say.
     *
     * @param isLocal whether only this worker is to look
     */
    JsonNode find(JobId id, boolean isLocal) throws InterruptedException {
        Optional<JobPage> own = late.contents().job(id);
        if (own.isPresent()) {
            return JobAnswers.page(own.get());
        }
        if (isLocal) {
            throw unknown(id);
        }
        return elsewhere(id);
    }

    /** First at whoever should have it, then at all: other clients than ours may choose shards. */
    private JsonNode elsewhere(JobId id) throws InterruptedException {
        String path = "/api/jobs/" + id + "?" + Parameters.SCOPE + "=local";
        List<Peer> others = Others.all(late.get());
        List<Peer> owner =
                late.get().board().ownerOf(id).filter(others::contains).stream().toList();
        List<String> missing = new ArrayList<>(Others.unreachable(late.get()));
        for (List<Peer> some : List.of(owner, without(others, owner))) {
            for (var answer : peers.ask(some, path, json -> ofJob(id, json)).entrySet()) {
                switch (answer.getValue()) {
                    case Peers.Answer.Found<JsonNode>(JsonNode json) -> {
                        return json;
                    }
                    case Peers.Answer.NotFound<JsonNode>() -> {}
                    case Peers.Answer.Missing<JsonNode>() ->
                            missing.add(answer.getKey().toString());
                }
            }
        }
        if (missing.isEmpty()) {
            throw unknown(id);
        }
        throw Refused.later(
                "Nobody who answers knows of a job %s, but %s did not answer."
                        .formatted(Text.quoted(id.value()), missing),
                1);
    }

    private static JsonNode ofJob(JobId id, JsonNode json) {
        if (!json.required("id").asText().equals(id.value())) {
            throw new IllegalArgumentException("id: expected " + id + ", found another job");
        }
        return json;
    }

    private static List<Peer> without(List<Peer> all, List<Peer> some) {
        return all.stream().filter(peer -> !some.contains(peer)).toList();
    }

    private static Refused unknown(JobId id) {
        return Refused.notFound("There is no job " + Text.quoted(id.value()) + ".");
    }
}
