package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.job.JobId;
import java.time.Instant;

/** A worker's HTTP API, which publishes for those who cannot reach Kafka. */
final class ApiDoor implements JobsDoor {

    private final WorkerApi api;
    private final JsonMapper mapper = new JsonMapper();

    ApiDoor(WorkerApi api) {
        this.api = api;
    }

    @Override
    public void submit(JobId id, byte[] message) throws InterruptedException {
        api.post("api/jobs", withId(id, message));
    }

    @Override
    public void cancel(JobId id) throws InterruptedException {
        if (api.delete("api/jobs/" + WorkerApi.escaped(id.value())).isEmpty()) {
            throw Refusal.failure(JobIds.unknown(id));
        }
    }

    @Override
    public Instant flush() {
        return Instant.EPOCH;
    }

    @Override
    public void close() {
        api.close();
    }

    /** Kafka's records have a key for it; here it is a field. */
    private byte[] withId(JobId id, byte[] message) {
        try {
            JsonNode tree = mapper.readTree(new String(message, UTF_8));
            return tree instanceof ObjectNode object
                    ? object.put("id", id.value()).toString().getBytes(UTF_8)
                    : message;
        } catch (JsonProcessingException malformed) {
            // The worker says so, too.
            return message;
        }
    }
}
