package dev.spate.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spate.board.Position;
import dev.spate.job.JobId;
import dev.spate.job.Text;
import java.time.Instant;
import java.util.Base64;

/** A place in a list of jobs as clients hand it back: the same for all workers. */
final class Cursor {

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private Cursor() {}

    static String write(Position position) {
        Instant at = position.publishedAt();
        return ENCODER.encodeToString((at + " " + position.id()).getBytes(UTF_8));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static Position read(String text) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), UTF_8).split(" ", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException("not two parts");
            }
            return new Position(Instant.parse(parts[0]), new JobId(parts[1]));
        } catch (RuntimeException malformed) {
            throw new IllegalArgumentException(
                    "expected what an answer told as `next`, found " + Text.quoted(text),
                    malformed);
        }
    }
}
