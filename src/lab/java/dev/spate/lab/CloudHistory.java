package dev.spate.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the simulated cloud wrote down.
 *
 * @param calls how often each action of EC2's was called, refused calls included
 * @param launchedAt when each machine was launched
 * @param sshdAt when each machine's port 22 opened
 * @param living how many machines are not terminated
 */
record CloudHistory(
        Map<String, Integer> calls,
        Map<String, Instant> launchedAt,
        Map<String, Instant> sshdAt,
        int living) {

    static CloudHistory read(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Map<String, Integer> calls = new TreeMap<>();
        Map<String, Instant> launchedAt = new HashMap<>();
        Map<String, Instant> sshdAt = new HashMap<>();
        int living = 0;
        for (String text : Files.readAllLines(file)) {
            JsonNode line = json.readTree(text);
            Instant time = Instant.parse(line.path("time").asText());
            switch (line.path("event").asText()) {
                case "call" -> calls.merge(line.path("action").asText(), 1, Integer::sum);
                case "sshd" -> sshdAt.put(line.path("instance").asText(), time);
                case "instance" -> {
                    switch (line.path("state").asText()) {
                        case "pending" -> {
                            launchedAt.put(line.path("instance").asText(), time);
                            living++;
                        }
                        case "terminated" -> living--;
                        default -> {}
                    }
                }
                default -> {}
            }
        }
        return new CloudHistory(calls, launchedAt, sshdAt, living);
    }

    int allCalls() {
        return calls.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The calls that came after an earlier reading. */
    Map<String, Integer> callsSince(CloudHistory earlier) {
        Map<String, Integer> since = new TreeMap<>(calls);
        earlier.calls.forEach((action, count) -> since.merge(action, -count, Integer::sum));
        since.values().removeIf(count -> count == 0);
        return since;
    }
}
