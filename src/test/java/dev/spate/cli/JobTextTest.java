package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JobTextTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");
    private static final String ROW =
            """
            {"id":"a","profile":"default","state":"waiting","attempt":1,"sequence":1,
             "publishedAt":"2026-01-01T00:00:00Z","phases":{},"machines":1,"machineSeconds":0,
             "why":{"class":"capacity","message":"there are no machines of this type now"}}
            """;

    private static final String PAGE =
            """
            {"id":"a","profile":"default","state":"released","outcome":"failed","exitCode":3,
             "attempt":1,"sequence":1,"cancelled":true,
             "publishedAt":"t","startedAt":"t","settledAt":"t","updatedAt":"t","notBefore":"t",
             "phases":{"FOREIGN":1.5},"machines":1,"machineSeconds":2.5,"costUsd":0.5,
             "why":{"class":"capacity","message":"none"},"trace":"00-1",
             "members":[{"role":"main","index":0,"machine":"i-1","type":"t","market":"spot",
                         "zone":"z","exitCode":3}],
             "spent":{"launches":1,"FOREIGN":2.5},
             "history":[{"at":"t","state":"waiting","attempt":1,
                         "why":{"class":"capacity","message":"none"}}],
             "message":{"timeout":1.5,"patience":"p","retries":{"lost":1,"failed":1},
                        "roles":{"FOREIGN":{"count":2,"run":"r","setup":"s","env":["A"],
                                 "machine":{"types":["t"],"market":"spot","image":"i"},
                                 "files":["f"],"outputs":["o"]}}}}
            """;

    /** C0, ESC, DEL, C1, line separators, and what turns the text's direction. */
    private static final String STEERING =
            "\0\b\t\n\r\u001b\u007f\u0085\u009b\u2028\u2029\u200f\u202e\u2066\ufeff";

    @Test
    void cutsLinesAndHeadingToTheWindowAndShowsThatThereIsMore() throws Exception {
        List<String> lines = text(Map.of("NO_COLOR", "1"), 60).table(List.of(row()), NOW);

        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60));
        assertThat(lines.getFirst()).startsWith("ID ").endsWith("…");
        assertThat(lines.getLast()).startsWith("a ").endsWith("…");
        assertThat(text(Map.of("NO_COLOR", "1"), 60).page(row(), NOW))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60));
    }

    @Test
    void coloursTheStateAndKeepsTheColumns() throws Exception {
        String plain = text(Map.of("NO_COLOR", "1"), 200).line(row(), NOW);

        String coloured = text(Map.of(), 200).line(row(), NOW);

        assertThat(coloured).contains("\u001b[33mwaiting\u001b[0m ");
        assertThat(coloured.replaceAll("\u001b\\[\\d+m", "")).isEqualTo(plain);
    }

    @Test
    void noFieldOfARowOrAPageSteersATerminalOrMakesALine() throws Exception {
        for (int i = 0; i < STEERING.length(); i++) {
            char steering = STEERING.charAt(i);
            for (String shape : List.of(ROW, PAGE)) {
                JsonNode foreign = replaced(new JsonMapper().readTree(shape), steering);
                JobText text = text(Map.of("NO_COLOR", "1"), Integer.MAX_VALUE);

                List<String> lines = new ArrayList<>(text.page(foreign, NOW));
                lines.addAll(text.table(List.of(foreign), NOW));
                lines.add(text.line(foreign, NOW));

                assertThat(lines)
                        .as("U+%04x", (int) steering)
                        .allSatisfy(line -> assertThat(line).matches("[ -~×…]*"));
            }
        }
    }

    /** The same, but every text and number is a hostile text, as are names that are foreign. */
    private static JsonNode replaced(JsonNode node, char steering) {
        String hostile = steering + "[2J" + steering + "a" + steering;
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (node.isArray()) {
            ArrayNode array = nodes.arrayNode();
            node.forEach(element -> array.add(replaced(element, steering)));
            return array;
        }
        if (node.isObject()) {
            ObjectNode object = nodes.objectNode();
            node.properties()
                    .forEach(
                            field -> {
                                String name = field.getKey();
                                object.set(
                                        name.equals("FOREIGN") ? hostile : name,
                                        replaced(field.getValue(), steering));
                            });
            return object;
        }
        boolean isNumberForSure = node.isFloatingPointNumber();
        return isNumberForSure ? node : nodes.textNode(hostile);
    }

    private static JobText text(Map<String, String> environment, int width) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return new JobText(
                new Terminal(InputStream.nullInputStream(), nowhere, nowhere, environment, true),
                width);
    }

    private static JsonNode row() throws Exception {
        return new JsonMapper().readTree(ROW);
    }
}
