package dev.spate.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the simulated cloud wrote down.
 *
 * @param machines by id
 * @param refusals how often calls were refused, by the code
 * @param lostReplies how many calls were carried out and not answered
 * @param touches the calls that named a machine to change it, by the machine
 */
record CloudRecord(
        Map<String, Machine> machines,
        Map<String, Integer> refusals,
        int lostReplies,
        Map<String, List<String>> touches) {

    /**
     * A machine.
     *
     * @param group the tag by which its owners know it; empty if it has none
     * @param reason why it ended; empty while it has not
     * @param isNoticed whether it was told that it would be taken away
     * @param off when the last of its processes was dead; empty while there may be some
     */
    record Machine(
            String id,
            String group,
            Instant launched,
            String state,
            String reason,
            boolean isNoticed,
            Optional<Instant> off) {

        boolean isLive() {
            return !state.equals("terminated");
        }
    }

    /** Reads the log; a last line that is not complete yet is left out. */
    static CloudRecord read(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Map<String, Machine> machines = new LinkedHashMap<>();
        Map<String, Integer> refusals = new TreeMap<>();
        Map<String, List<String>> touches = new HashMap<>();
        int lostReplies = 0;
        String all = Files.readString(file);
        for (String text : all.substring(0, all.lastIndexOf('\n') + 1).lines().toList()) {
            JsonNode line = json.readTree(text);
            String id = line.path("instance").asText();
            switch (line.path("event").asText()) {
                case "instance" -> machines.compute(id, (_, before) -> changed(before, line));
                case "off" -> machines.computeIfPresent(id, (_, one) -> off(one, line));
                case "notice" -> machines.computeIfPresent(id, (_, one) -> noticed(one));
                case "call" -> {
                    if (line.has("code")) {
                        refusals.merge(line.path("code").asText(), 1, Integer::sum);
                    }
                    lostReplies += line.has("reply") ? 1 : 0;
                    touches(line)
                            .forEach(
                                    touched ->
                                            touches.merge(
                                                    touched,
                                                    List.of(line.path("action").asText()),
                                                    CloudRecord::joined));
                }
                default -> {}
            }
        }
        return new CloudRecord(machines, refusals, lostReplies, touches);
    }

    private static Machine changed(
            @org.jspecify.annotations.Nullable Machine before, JsonNode line) {
        return new Machine(
                line.path("instance").asText(),
                before == null ? line.path("tags").path("spate:group").asText("") : before.group(),
                before == null ? time(line) : before.launched(),
                line.path("state").asText(),
                line.path("reason").asText(before == null ? "" : before.reason()),
                before != null && before.isNoticed(),
                before == null ? Optional.empty() : before.off());
    }

    private static Machine off(Machine machine, JsonNode line) {
        return new Machine(
                machine.id(),
                machine.group(),
                machine.launched(),
                machine.state(),
                machine.reason(),
                machine.isNoticed(),
                Optional.of(time(line)));
    }

    private static Machine noticed(Machine machine) {
        return new Machine(
                machine.id(),
                machine.group(),
                machine.launched(),
                machine.state(),
                machine.reason(),
                true,
                machine.off());
    }

    private static Instant time(JsonNode line) {
        return Instant.parse(line.path("time").asText());
    }

    /** Whom a call would change, whether it was carried out or not. */
    private static List<String> touches(JsonNode line) {
        String action = line.path("action").asText();
        if (!action.equals("TerminateInstances") && !action.equals("CreateTags")) {
            return List.of();
        }
        return line.path("request").properties().stream()
                .map(entry -> entry.getValue().asText())
                .filter(value -> value.startsWith("i-"))
                .toList();
    }

    private static List<String> joined(List<String> some, List<String> more) {
        return java.util.stream.Stream.concat(some.stream(), more.stream()).toList();
    }

    /** The machines of a group. */
    List<Machine> of(String group) {
        return machines.values().stream().filter(one -> one.group().equals(group)).toList();
    }
}
