package dev.spate.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.board.Stage;
import dev.spate.job.JobId;
import dev.spate.job.Member;
import dev.spate.job.RoleName;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code GET /api/jobs/ID/output}: what a job's runs write, from the beginning, as it comes. */
final class OutputRoutes {

    /** Each reads Kafka for itself. */
    private static final int READERS_MAX = 32;

    private static final int INDEX_MAX = 999;
    private static final int KAFKA_SECONDS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Late late;
    private final JobLookup lookup;
    private final Streams streams;
    private final Streams readers = new Streams(READERS_MAX);
    private final Scheduler scheduler;
    private final Duration beat;
    private volatile boolean isClosed;

    OutputRoutes(Late late, JobLookup lookup, Streams streams, Scheduler scheduler, Duration beat) {
        this.late = late;
        this.lookup = lookup;
        this.streams = streams;
        this.scheduler = scheduler;
        this.beat = beat;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/api/jobs/{id}/output", this::stream);
    }

    /** Ends all that are open, within a second or so. */
    void close() {
        isClosed = true;
    }

    /** Which members are to be told of. */
    private record Wanted(Optional<RoleName> role, Optional<Integer> index) {

        boolean has(Member member) {
            return role.filter(name -> !name.equals(member.role())).isEmpty()
                    && index.filter(number -> number != member.index()).isEmpty();
        }
    }

    private void stream(Context context) throws InterruptedException {
        JobId id = JobRoutes.id(context);
        Parameters parameters = Parameters.of(context, Set.of("role", "index"));
        Wanted wanted =
                new Wanted(
                        parameters.one("role", RoleName::new),
                        parameters.one("index", OutputRoutes::index));
        JsonNode job = lookup.find(id, false);
        boolean isLogged = job.required("message").required("logs").asBoolean();
        if (!isLogged || StreamWriter.isHead(context)) {
            end(context);
            return;
        }
        if (!streams.enter()) {
            throw Streams.tooMany();
        }
        try {
            if (!readers.enter()) {
                throw Streams.tooMany();
            }
            try {
                read(context, id, job, wanted);
            } finally {
                readers.leave();
            }
        } finally {
            streams.leave();
        }
    }

    /** There is nothing to look for, now or later. */
    private static void end(Context context) {
        try {
            StreamWriter.open(context).write(List.of(Frame.END));
        } catch (IOException gone) {
            // So is the client.
        }
    }

    private static int index(String text) {
        return Parameters.number(text, 0, INDEX_MAX);
    }

    private void read(Context context, JobId id, JsonNode job, Wanted wanted)
            throws InterruptedException {
        int shard = job.required("shard").asInt();
        Instant publishedAt = Instant.parse(job.required("publishedAt").asText());
        LiveOutput.Reading begun;
        try {
            begun = late.get().output().read(id, shard, publishedAt);
        } catch (IOException unreadable) {
            throw Refused.later(String.valueOf(unreadable.getMessage()), KAFKA_SECONDS);
        }
        try (LiveOutput.Reading reading = begun) {
            follow(id, reading, wanted, StreamWriter.open(context));
        } catch (IOException gone) {
            // The client is gone, or Kafka: it asks again, and gets what there is from the start.
        }
    }

    private void follow(JobId id, LiveOutput.Reading reading, Wanted wanted, StreamWriter writer)
            throws IOException, InterruptedException {
        Deadline nextBeat = Deadline.after(scheduler, beat);
        Deadline nextLook = Deadline.after(scheduler, Duration.ZERO);
        boolean isOver = false;
        while (!isClosed) {
            if (!isOver && nextLook.hasPassed(scheduler)) {
                isOver = isSettled(id);
                nextLook = Deadline.after(scheduler, LOOK_EVERY);
                if (isOver) {
                    reading.noMoreComes();
                }
            }
            List<Frame> frames = frames(reading.next(PATIENCE), wanted);
            if (!frames.isEmpty() || nextBeat.hasPassed(scheduler)) {
                writer.write(frames.isEmpty() ? List.of(Frame.BEAT) : frames);
                nextBeat = Deadline.after(scheduler, beat);
            }
            if (isOver && reading.isAtEnd()) {
                writer.write(List.of(Frame.END));
                return;
            }
        }
    }

    /** A job that nobody can tell of at the moment is not settled, as far as is known. */
    private boolean isSettled(JobId id) throws InterruptedException {
        try {
            return Stage.parse(lookup.find(id, false).required("state").asText()).isSettled();
        } catch (Refused unknown) {
            return unknown.problem().status() == 404;
        }
    }

    private static List<Frame> frames(List<LiveOutput.Piece> pieces, Wanted wanted) {
        List<Frame> frames = new ArrayList<>();
        for (LiveOutput.Piece piece : pieces) {
            if (wanted.has(piece.member())) {
                frames.add(frame(piece));
            }
        }
        return frames;
    }

    private static Frame frame(LiveOutput.Piece piece) {
        ObjectNode json =
                Json.object()
                        .put("role", piece.member().role().value())
                        .put("index", piece.member().index())
                        .put("attempt", piece.attempt())
                        .put("stream", piece.stream());
        return switch (piece) {
            case LiveOutput.Piece.Chunk chunk ->
                    Frame.of(
                            "chunk", json.put("offset", chunk.offset()).put("data", chunk.bytes()));
            case LiveOutput.Piece.Capped capped ->
                    Frame.of("capped", json.put("offset", capped.offset()));
            case LiveOutput.Piece.Gap gap ->
                    Frame.of("gap", json.put("from", gap.from()).put("to", gap.to()));
        };
    }
}
