package dev.spate.kafka;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.job.Ending;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.JobState;
import dev.spate.job.Launch;
import dev.spate.job.Member;
import dev.spate.job.Pool;
import dev.spate.job.Seat;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a job's state: {@code state}, and {@code launches} beside it. Machines refer to their
 * launch by its number, because many share one and a launch is long.
 */
final class StateWriter {

    private final Map<Launch, Integer> launches = new LinkedHashMap<>();

    /** The two fields. Once for each writer. */
    ObjectNode write(JobState state) {
        ObjectNode json = object();
        json.set("state", writeState(state));
        ArrayNode all = json.putArray("launches");
        launches.keySet().forEach(launch -> all.add(write(launch)));
        return json;
    }

    private ObjectNode writeState(JobState state) {
        ObjectNode json = object().put("is", state.word()).put("attempt", state.attempt());
        switch (state) {
            case JobState.Waiting(int _, Instant notBefore, Failure why) ->
                    json.put("notBefore", notBefore.toString()).set("why", write(why));
            case JobState.Launching(int _, List<Seat> seats, List<Hold> reused) -> {
                addSeats(json.putArray("seats"), seats);
                addHolds(json.putArray("machines"), reused);
            }
            case JobState.Preparing(int _, List<Hold> machines) ->
                    addHolds(json.putArray("machines"), machines);
            case JobState.Running(int _, List<Hold> machines, Instant startedAt) -> {
                addHolds(json.putArray("machines"), machines);
                json.put("startedAt", startedAt.toString());
            }
            case JobState.Retreating(int _, List<Hold> machines, Failure why, int nextAttempt) -> {
                addHolds(json.putArray("machines"), machines);
                json.set("why", write(why));
                json.put("nextAttempt", nextAttempt);
            }
            case JobState.Settled(int _, Ending ending, Instant at, List<Hold> owed) -> {
                add(json.put("at", at.toString()), ending);
                addHolds(json.putArray("machines"), owed);
            }
            case JobState.Released(int _, Ending ending, Instant at) ->
                    add(json.put("at", at.toString()), ending);
        }
        return json;
    }

    private void addSeats(ArrayNode array, List<Seat> seats) {
        for (Seat seat : seats) {
            array.add(
                    write(seat.member())
                            .put("launch", number(seat.launch()))
                            .put("seat", seat.index()));
        }
    }

    private void addHolds(ArrayNode array, List<Hold> holds) {
        for (Hold hold : holds) {
            array.add(
                    write(hold.member())
                            .put("launch", number(hold.launch()))
                            .put("machine", hold.machine().value())
                            .put("since", hold.since().toString()));
        }
    }

    private static void add(ObjectNode json, Ending ending) {
        json.put("outcome", ending.outcome().word());
        ending.error().ifPresent(error -> json.set("error", write(error)));
        ending.exitCode().ifPresent(code -> json.put("exitCode", code));
        ending.startedAt().ifPresent(at -> json.put("startedAt", at.toString()));
        ArrayNode members = json.putArray("members");
        for (Ending.MemberEnding member : ending.members()) {
            ObjectNode one = write(member.member()).put("machine", member.machine().value());
            one.set("pool", write(member.pool()));
            member.exitCode().ifPresent(code -> one.put("exitCode", code));
            members.add(one);
        }
    }

    private int number(Launch launch) {
        return launches.computeIfAbsent(launch, _ -> launches.size());
    }

    private static ObjectNode write(Member member) {
        return object().put("role", member.role().value()).put("index", member.index());
    }

    private static ObjectNode write(Failure failure) {
        return object().put("class", Words.of(failure.kind())).put("message", failure.message());
    }

    private static ObjectNode write(Launch launch) {
        ObjectNode json = object();
        json.put("token", launch.token().value());
        json.put("shard", launch.shard());
        json.set("spec", JobJson.write(launch.spec()));
        json.put("imageId", launch.imageId());
        json.set("pool", write(launch.pool()));
        json.put("count", launch.count());
        json.put("lease", launch.lease().toString());
        json.put("expiresAt", launch.expiresAt().toString());
        launch.usdPerHour().ifPresent(usd -> json.put("usdPerHour", usd.toString()));
        return json;
    }

    private static ObjectNode write(Pool pool) {
        ObjectNode json = object().put("market", pool.market().word()).put("type", pool.type());
        pool.zone().ifPresent(zone -> json.put("zone", zone));
        return json;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
