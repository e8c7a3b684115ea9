package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Instant;
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
