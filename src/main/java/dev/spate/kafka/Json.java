package dev.spate.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spate.job.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** JSON, strictly: UTF-8, one value, no repeated names, no bombs. */
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

    /** Does not look at what follows, which a filter would hide. */
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
     * Reads one JSON object, but for the fields that a filter leaves out.
     *
     * @throws BadMessage with line and column, if it is not one
     */
    static JsonNode parse(byte[] bytes, TokenFilter fields) {
        return parse(bytes, text -> read(text, fields));
    }

    private static JsonNode read(String text, TokenFilter fields) throws JsonProcessingException {
        try (JsonParser whole = MAPPER.createParser(text);
                JsonParser some =
                        new FilteringParserDelegate(
                                whole, fields, TokenFilter.Inclusion.INCLUDE_ALL_AND_PATH, true)) {
            JsonNode object = FIRST.readTree(some);
            // Nothing is left of an empty object; what follows is to be complained of as always.
            return object == null || whole.nextToken() != null ? MAPPER.readTree(text) : object;
        } catch (JsonProcessingException malformed) {
            throw malformed;
        } catch (IOException impossible) {
            throw new UncheckedIOException("text is in memory", impossible);
        }
    }

    private static JsonNode parse(byte[] bytes, Reading reading) {
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
    private interface Reading {
        JsonNode read(String text) throws JsonProcessingException;
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
