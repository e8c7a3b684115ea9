package dev.spate.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How times, durations and money are written; and JSON itself. */
final class Json {

    static final String CONTENT_TYPE = "application/json";

    private static final int DEPTH_MAX = 50;
    private static final int MILLIS_DIGITS = 3;

    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}

    static {
        MAPPER.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build());
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** RFC 3339, in UTC, up to milliseconds. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** In seconds, up to milliseconds. */
    static BigDecimal seconds(Duration duration) {
        BigDecimal exact = BigDecimal.valueOf(duration.toMillis(), MILLIS_DIGITS);
        return plain(exact);
    }

    /** US dollars, without zeros at the end. */
    static BigDecimal usd(BigDecimal amount) {
        return plain(amount);
    }

    static Duration duration(JsonNode seconds) {
        return Duration.ofMillis(seconds.decimalValue().movePointRight(MILLIS_DIGITS).longValue());
    }

    /** Reads what another worker has answered. */
    static JsonNode read(byte[] bytes) throws JsonProcessingException {
        try {
            return MAPPER.readTree(bytes);
        } catch (JsonProcessingException malformed) {
            throw malformed;
        } catch (java.io.IOException impossible) {
            throw new IllegalStateException("bytes in memory can be read", impossible);
        }
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree can be written", impossible);
        }
    }

    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
