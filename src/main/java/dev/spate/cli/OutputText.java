package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.job.ByteSize;
import dev.spate.job.Member;
import dev.spate.job.StreamName;
import dev.spate.kafka.LogPiece;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Prints what a job's runs write: harmless text wherever a terminal may get it, elsewhere the bytes
 * as they are, or JSON. With several members, each line says whose it is. One thread at a time.
 */
final class OutputText {

    private static final int LINE_BYTES_MAX = 8 << 10;

    private final Terminal terminal;
    private final boolean isJson;
    private final boolean isPrefixed;
    private final Optional<StreamName> only;
    private final Map<Place, ByteArrayOutputStream> lines = new HashMap<>();
    private final Map<Place, HarmlessText> texts = new HashMap<>();
    private int attempt;

    private record Place(Member member, StreamName stream) {}

    /**
     * @param isPrefixed whether lines say whose they are
     * @param only the one stream to be printed, on standard output; empty = both, each where it
     *     belongs
     */
    OutputText(Terminal terminal, boolean isJson, boolean isPrefixed, Optional<StreamName> only) {
        this.terminal = terminal;
        this.isJson = isJson;
        this.isPrefixed = isPrefixed;
        this.only = only;
    }

    void print(LogPiece piece) {
        if (only.isPresent() && piece.stream() != only.get()) {
            return;
        }
        if (isJson) {
            terminal.print(json(piece));
            return;
        }
        if (piece.attempt() != attempt) {
            if (attempt > 0) {
                end();
                terminal.complain("spate logs: attempt " + piece.attempt() + " begins");
            }
            attempt = piece.attempt();
        }
        switch (piece) {
            case LogPiece.Chunk chunk -> print(chunk);
            case LogPiece.Gap gap -> note(gap, (gap.to() - gap.from()) + " bytes are missing here");
            case LogPiece.Capped capped ->
                    note(
                            capped,
                            "output beyond "
                                    + new ByteSize(capped.offset())
                                    + " is not in the live logs; the result has the beginning and"
                                    + " the end");
        }
    }

    /** Nothing more comes of this attempt: prints lines that have no end. */
    void end() {
        lines.forEach(
                (place, line) -> {
                    if (line.size() > 0) {
                        line.write('\n');
                        printLine(place, line);
                    }
                });
    }

    /** The job is settled, and all was printed. */
    void settled() {
        end();
        if (isJson) {
            terminal.print(JsonNodeFactory.instance.objectNode().put("event", "end").toString());
        }
    }

    private void note(LogPiece piece, String what) {
        terminal.complain(
                "spate logs: " + piece.member() + " " + piece.stream().word() + ": " + what);
    }

    private void print(LogPiece.Chunk chunk) {
        Place place = new Place(chunk.member(), chunk.stream());
        if (!isPrefixed) {
            write(place, chunk.bytes());
            return;
        }
        ByteArrayOutputStream line = lines.computeIfAbsent(place, _ -> new ByteArrayOutputStream());
        for (byte b : chunk.bytes()) {
            line.write(b);
            if (b == '\n' || line.size() >= LINE_BYTES_MAX) {
                printLine(place, line);
            }
        }
    }

    private void printLine(Place place, ByteArrayOutputStream line) {
        byte[] prefix = (place.member() + " | ").getBytes(UTF_8);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(prefix);
        whole.writeBytes(line.toByteArray());
        line.reset();
        write(place, whole.toByteArray());
    }

    private void write(Place place, byte[] bytes) {
        boolean isError = only.isEmpty() && place.stream() == StreamName.STDERR;
        if (terminal.mayBeTerminal(isError)) {
            String text = texts.computeIfAbsent(place, _ -> new HarmlessText()).next(bytes);
            terminal.write(isError, text.getBytes(UTF_8));
        } else {
            terminal.write(isError, bytes);
        }
    }

    private static String json(LogPiece piece) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("event", event(piece));
        json.put("role", piece.member().role().value());
        json.put("index", piece.member().index());
        json.put("attempt", piece.attempt());
        json.put("stream", piece.stream().word());
        switch (piece) {
            case LogPiece.Chunk chunk ->
                    json.put("offset", chunk.offset()).put("data", chunk.bytes());
            case LogPiece.Gap gap -> json.put("from", gap.from()).put("to", gap.to());
            case LogPiece.Capped capped -> json.put("offset", capped.offset());
        }
        return json.toString();
    }

    private static String event(LogPiece piece) {
        return switch (piece) {
            case LogPiece.Chunk _ -> "chunk";
            case LogPiece.Gap _ -> "gap";
            case LogPiece.Capped _ -> "capped";
        };
    }
}
