package dev.spate.kafka;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The corpus of messages that must be rejected, each with what its reason must say. */
final class BadMessages {

    private static final Map<String, String> LONG =
            Map.of(
                    "deep-arrays", "[".repeat(20_000),
                    "deep-objects", "{\"a\":".repeat(20_000),
                    "large", "{\"run\": \"" + "x".repeat(262_144) + "\"}",
                    "digits", "9".repeat(10_000),
                    "name", "n".repeat(10_000),
                    "id129", "i".repeat(129),
                    "path600", "p".repeat(600),
                    "types21", listed(21, i -> "\"t" + i + ".small\""),
                    "outputs201", listed(201, i -> "\"o" + i + "\""),
                    "roles21", listed(21, i -> "\"r" + i + "\": {\"run\": \"true\"}"));

    private BadMessages() {}

    /**
     * One of them.
     *
     * @param isSchemasToo whether the schema alone can tell
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record BadMessage(boolean isSchemasToo, String reason, String written, byte[] bytes) {
        @Override
        public String toString() {
            return reason + " | " + written;
        }
    }

    static List<BadMessage> all() {
        try (var in = BadMessages.class.getResourceAsStream("/kafka/bad-messages.txt")) {
            String text =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(BadMessages::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BadMessage read(String line) {
        int first = line.indexOf(" | ");
        int second = line.indexOf(" |", first + 3);
        String message = line.substring(Math.min(second + 3, line.length()));
        return new BadMessage(
                line.startsWith("schema"),
                line.substring(first + 3, second),
                message,
                bytes(message));
    }

    private static byte[] bytes(String written) {
        String text = written;
        for (var entry : LONG.entrySet()) {
            text = text.replace("${" + entry.getKey() + "}", entry.getValue());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int i = 0;
        while (i < text.length()) {
            if (text.startsWith("\\x", i)) {
                bytes.write(Integer.parseInt(text.substring(i + 2, i + 4), 16));
                i += 4;
            } else {
                int c = text.codePointAt(i);
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(c);
            }
        }
        return bytes.toByteArray();
    }

    private static String listed(int count, java.util.function.IntFunction<String> element) {
        return IntStream.range(0, count).mapToObj(element).collect(Collectors.joining(","));
    }
}
