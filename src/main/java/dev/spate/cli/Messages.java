package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Job messages as people keep them: a file is one JSON document, or, if it is called {@code .jsonl}
 * or {@code .ndjson} or comes from standard input with one document a line, several.
 */
final class Messages {

    /** One message and where it is: {@code FILE}, or {@code FILE:LINE}. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Message(String place, byte[] value) {

        /** The file's name without its ending, as far as an id may have it. */
        String stem() {
            if (place.startsWith(STANDARD_INPUT)) {
                return "job";
            }
            String name = place.replaceAll(".*[/\\\\]", "").replaceAll("[.:].*", "");
            String allowed =
                    name.replaceAll("[^A-Za-z0-9_-]", "-").replaceAll("^[^A-Za-z0-9]+", "");
            return allowed.isEmpty()
                    ? "job"
                    : allowed.substring(0, Math.min(allowed.length(), STEM_LENGTH_MAX));
        }
    }

    private static final String STANDARD_INPUT = "standard input";
    private static final int STEM_LENGTH_MAX = 100;

    private static final int BYTES_MAX = 64 << 20;

    private Messages() {}

    /**
     * Reads files; {@code -} is standard input.
     *
     * @throws Refusal naming all that cannot be read
     */
    static List<Message> read(List<String> files, Terminal terminal) throws IOException {
        List<Message> messages = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        for (String file : files) {
            try {
                messages.addAll(
                        file.equals("-")
                                ? split(STANDARD_INPUT, terminal.in().readNBytes(BYTES_MAX))
                                : split(file, bytes(Path.of(file))));
            } catch (Refusal refusal) {
                unreadable.addAll(refusal.reasons());
            }
        }
        if (!unreadable.isEmpty()) {
            throw Refusal.failure(unreadable);
        }
        return messages;
    }

    static List<Message> split(String name, byte[] bytes) {
        String text = new String(bytes, UTF_8);
        List<String> lines = text.lines().toList();
        boolean isLines =
                name.endsWith(".jsonl")
                        || name.endsWith(".ndjson")
                        || lines.stream().filter(Messages::isWhole).count() > 1;
        if (!isLines) {
            return List.of(new Message(name, bytes));
        }
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                messages.add(new Message(name + ":" + (i + 1), lines.get(i).getBytes(UTF_8)));
            }
        }
        return messages;
    }

    /**
     * Whether a line looks like a document of its own: in a spread-out one, at most one line does.
     */
    private static boolean isWhole(String line) {
        return line.startsWith("{") && line.stripTrailing().endsWith("}");
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw Refusal.failure(file + ": expected a file, found a directory");
            }
            if (Files.size(file) > BYTES_MAX) {
                throw Refusal.failure(file + ": expected at most 64 MiB, found more");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException missing) {
            throw Refusal.failure(file + ": expected a file, found nothing");
        } catch (AccessDeniedException denied) {
            throw Refusal.failure(file + ": expected a file, found one that may not be read");
        } catch (FileSystemException unreadable) {
            throw Refusal.failure(file + ": cannot be read: " + unreadable.getReason());
        } catch (IOException unreadable) {
            throw Refusal.failure(file + ": cannot be read: " + unreadable.getMessage());
        }
    }
}
