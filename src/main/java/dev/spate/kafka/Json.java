package dev.spate.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spate.job.Text;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** JSON, strictly: UTF-8, one value, no repeated names, no bombs. */
final class Json {

    private static final int DEPTH_MAX = 32;
    private static final int NUMBER_LENGTH_MAX = 64;
    private static final int NAME_LENGTH_MAX = 1_024;

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

    private Json() {}

    /**
     * Reads one JSON value.
     *
     * @throws BadMessage with line and column, if it is not one
     */
    static JsonNode parse(byte[] bytes) {
        String text = decode(bytes);
        if (text.isBlank()) {
            throw new BadMessage("", "expected a JSON object, found nothing");
        }
        if (text.charAt(0) == '\uFEFF') {
            throw new BadMessage("line 1, column 1", "expected JSON, found a byte order mark");
        }
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException malformed) {
            throw new BadMessage(placeOf(malformed), complaintOf(malformed));
        }
    }

    /** The bytes of a value, as compact as can be. */
    static byte[] write(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree can always be written", impossible);
        }
    }

    private static String decode(byte[] bytes) {
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer input = ByteBuffer.wrap(bytes);
        try {
            return decoder.decode(input).toString();
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
