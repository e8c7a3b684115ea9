package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JsonLinesTest {

    private final LoggerContext logs = new LoggerContext();

    @Test
    void tellsEverythingInOneLine() throws IOException {
        LoggingEvent event =
                event(
                        "Shard {} is open\nER\u2028ROR \"x\"",
                        new IllegalStateException("bad"),
                        Map.of("job", "bench-42", "shard", "3", "other", "no"));

        String line = new String(new JsonLines().encode(event), UTF_8);

        assertThat(line.lines()).hasSize(1);
        assertThat(line).endsWith("}\n");
        JsonNode json = new JsonMapper().readTree(line);
        assertThat(json.path("timestamp").asText()).isEqualTo("2026-03-01T12:00:00.250Z");
        assertThat(json.path("level").asText()).isEqualTo("WARN");
        assertThat(json.path("logger").asText()).isEqualTo("dev.spate.engine.ShardLife");
        assertThat(json.path("thread").asText()).isEqualTo(Thread.currentThread().getName());
        assertThat(json.path("message").asText()).isEqualTo("Shard 3 is open\nER\u2028ROR \"x\"");
        assertThat(json.path("job").asText()).isEqualTo("bench-42");
        assertThat(json.path("shard").asText()).isEqualTo("3");
        assertThat(json.has("other")).isFalse();
        assertThat(json.path("stack").asText())
                .startsWith("java.lang.IllegalStateException: bad")
                .contains("JsonLinesTest");
    }

    @Test
    void leavesOutWhatIsNotKnown() throws IOException {
        JsonNode json =
                new JsonMapper().readTree(new JsonLines().encode(event("{}", null, Map.of())));

        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly("timestamp", "level", "logger", "thread", "message");
    }

    private LoggingEvent event(
            String message, @Nullable Throwable thrown, Map<String, String> about) {
        LoggingEvent event =
                new LoggingEvent(
                        "",
                        logs.getLogger("dev.spate.engine.ShardLife"),
                        Level.WARN,
                        message,
                        thrown,
                        new Object[] {3});
        event.setMDCPropertyMap(about);
        event.setInstant(Instant.parse("2026-03-01T12:00:00.25Z"));
        return event;
    }
}
