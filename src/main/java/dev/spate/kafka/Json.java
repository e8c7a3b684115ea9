package dev.spate.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.job.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON, strictly: UTF-8, one value, no repeated names, no bombs, as far as it is read. */
final class Json {

    private static final int DEPTH_MAX = 32;
    private static final int NUMBER_LENGTH_MAX = 64;
    private static final int NAME_LENGTH_MAX = 1_024;
    private static final char REPLACEMENT = '\uFFFD';

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEPTH_MAX)
                                                    .maxNumberLength(NUMBER_LENGTH_MAX)
                                                    .maxNameLength(NAME_LENGTH_MAX)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    /** Does not look at what follows a value. */
    private static final ObjectReader FIRST =
            MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    /**
     * Reads one JSON value.
     *
     * @throws BadMessage with line and column, if it is not one
     */
    static JsonNode parse(byte[] bytes) {
        return parse(bytes, MAPPER::readTree);
    }

    /**
     * Reads the fields of a JSON object up to one of that name. Nobody looks at what follows: that
     * may even be no JSON.
     *
     * @return empty if it is no object, or has no such field
     * @throws BadMessage with line and column, if it is no JSON so far
     */
    static Optional<ObjectNode> parseBefore(byte[] bytes, String end) {
        return parse(bytes, text -> readBefore(text, end));
    }

    private static Optional<ObjectNode> readBefore(String text, String end)
            throws JsonProcessingException {
        try (JsonParser parser = MAPPER.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            ObjectNode object = MAPPER.createObjectNode();
            for (String name = parser.nextFieldName();
                    name != null;
                    name = parser.nextFieldName()) {
                if (name.equals(end)) {
                    return Optional.of(object);
                }
                parser.nextToken();
                object.set(name, FIRST.readTree(parser));
            }
            return Optional.empty();
        } catch (JsonProcessingException malformed) {
            throw malformed;
        } catch (IOException impossible) {
            throw new UncheckedIOException("text is in memory", impossible);
        }
    }

    private static <T> T parse(byte[] bytes, Reading<T> reading) {
        String text = decode(bytes);
        if (text.isBlank()) {
            throw new BadMessage("", "expected a JSON object, found nothing");
        }
        if (text.charAt(0) == '\uFEFF') {
            throw new BadMessage("line 1, column 1", "expected JSON, found a byte order mark");
        }
        try {
            return reading.read(text);
        } catch (JsonProcessingException malformed) {
            throw new BadMessage(placeOf(malformed), complaintOf(malformed));
        }
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read(String text) throws JsonProcessingException;
    }

    /** The bytes of a value, as compact as can be. */
    static byte[] write(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException impossible) {
            throw unwritable(impossible);
        }
    }

    /** The same as text. */
    static String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException impossible) {
            throw unwritable(impossible);
        }
    }

    private static IllegalStateException unwritable(JsonProcessingException why) {
        return new IllegalStateException("a tree can always be written", why);
    }

    private static String decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            requireUtf8(bytes);
        }
        return text;
    }

    /** Slower; only for text with a character that may stand for what could not be read. */
    private static void requireUtf8(byte[] bytes) {
        ByteBuffer input = ByteBuffer.wrap(bytes);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(input);
        } catch (CharacterCodingException malformed) {
            throw new BadMessage(
                    "byte " + input.position(), "expected UTF-8, found something else");
        }
    }

    private static String placeOf(JsonProcessingException malformed) {
        JsonLocation location = malformed.getLocation();
        return location == null
                ? ""
                : "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static String complaintOf(JsonProcessingException malformed) {
        String complaint = Text.oneLine(malformed.getOriginalMessage());
        // What follows in parentheses is advice on how to configure the parser.
        int advice = complaint.indexOf(" (from `");
        return "not JSON: " + (advice < 0 ? complaint : complaint.substring(0, advice));
    }
}
