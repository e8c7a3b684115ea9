package dev.spate.web;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code GET /api/events}: every job's changes, as they come. */
final class EventRoutes {

    private final EventHub hub;
    private final Scheduler scheduler;
    private final Duration beat;

    /**
     * @param beat how often something is sent if nothing happens
     */
    EventRoutes(EventHub hub, Scheduler scheduler, Duration beat) {
        this.hub = hub;
        this.scheduler = scheduler;
        this.beat = beat;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/api/events", this::stream);
    }

    private void stream(Context context) throws InterruptedException {
        var _ = Parameters.of(context, Set.of());
        try (EventStream stream = hub.join().orElseThrow(Streams::tooMany)) {
            StreamWriter writer = StreamWriter.open(context);
            Optional<List<Frame>> frames = Optional.of(List.of(Frame.BEAT));
            while (frames.isPresent() && !StreamWriter.isHead(context)) {
                writer.write(frames.get().isEmpty() ? List.of(Frame.BEAT) : frames.get());
                frames = stream.take(Deadline.after(scheduler, beat));
            }
        } catch (IOException gone) {
            // The client is gone, or as good as gone: nobody is there to be told.
        }
    }
}
