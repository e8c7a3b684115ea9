package dev.spate.web;

import dev.spate.async.Scheduler;
import dev.spate.board.Changes;
import dev.spate.board.JobRow;
import dev.spate.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells all clients of every job's changes. Listens only while there is one. What comes in within a
 * quarter of a second is told together, of each job only the latest; what is told is written as
 * JSON once, however many clients there are. Safe for any thread; nothing blocks.
 */
final class EventHub implements AutoCloseable {

    /** A job is told of four times a second at most. */
    private static final Duration PACE = Duration.ofMillis(250);

    /** Beyond that clients look anew, which costs less. */
    private static final int GATHERED_MAX = 2_000;

    private final Late late;
    private final Scheduler scheduler;
    private final Streams streams;

    // Guarded by this.
    private final List<EventStream> clients = new ArrayList<>();
    private final Map<JobId, Change> gathered = new LinkedHashMap<>();
    private Changes.@Nullable Listening listening;

    /** What clients are told while nothing is heard. */
    private Optional<Frame> stale = Optional.empty();

    private boolean isTelling;
    private boolean isClosed;

    private sealed interface Change {
        record Changed(JobRow row) implements Change {}

        record Gone(JobId id) implements Change {}
    }

    EventHub(Late late, Scheduler scheduler, Streams streams) {
        this.late = late;
        this.scheduler = scheduler;
        this.streams = streams;
    }

    /** A stream for one more client; empty if there are too many, or the hub is closed. */
    synchronized Optional<EventStream> join() {
        Changes changes = late.get().changes();
        if (isClosed || !streams.enter()) {
            return Optional.empty();
        }
        EventStream[] made = new EventStream[1];
        EventStream stream = new EventStream(scheduler, () -> leave(made[0]));
        made[0] = stream;
        clients.add(stream);
        stale.ifPresent(stream::stale);
        if (listening == null) {
            listening = changes.listen(new Gathering());
        }
        return Optional.of(stream);
    }

    @Override
    public void close() {
        List<EventStream> all;
        synchronized (this) {
            isClosed = true;
            all = List.copyOf(clients);
        }
        all.forEach(EventStream::close);
    }

    private synchronized void leave(EventStream stream) {
        clients.remove(stream);
        streams.leave();
        if (clients.isEmpty() && listening != null) {
            listening.close();
            listening = null;
            gathered.clear();
            stale = Optional.empty();
        }
    }

    private synchronized void gather(JobId id, Change change) {
        gathered.put(id, change);
        if (gathered.size() > GATHERED_MAX) {
            missed();
        } else if (!isTelling) {
            isTelling = true;
            // A thread of its own: making JSON of many jobs would keep the scheduler's timers.
            var _ = scheduler.start("events", this::tellSoon);
        }
    }

    private synchronized void heardAgain() {
        stale = Optional.empty();
        gathered.clear();
        clients.forEach(EventStream::heardAgain);
    }

    private synchronized void missed() {
        gathered.clear();
        clients.forEach(EventStream::missed);
    }

    private synchronized void stale(Frame frame) {
        stale = Optional.of(frame);
        clients.forEach(client -> client.stale(frame));
    }

    private boolean tellSoon() throws InterruptedException {
        scheduler.sleep(PACE);
        tell();
        return true;
    }

    private synchronized void tell() {
        isTelling = false;
        gathered.forEach(
                (id, change) -> {
                    Frame frame = frame(change);
                    clients.forEach(client -> client.offer(id.value(), frame));
                });
        gathered.clear();
    }

    private static Frame frame(Change change) {
        return switch (change) {
            case Change.Changed(JobRow row) -> Frame.of("job", JobAnswers.row(row));
            case Change.Gone(JobId id) -> Frame.of("job-gone", Json.object().put("id", id.value()));
        };
    }

    private final class Gathering implements Changes.Listener {

        @Override
        public void changed(JobRow row) {
            gather(row.id(), new Change.Changed(row));
        }

        @Override
        public void gone(JobId id) {
            gather(id, new Change.Gone(id));
        }

        @Override
        public void missed() {
            heardAgain();
        }

        @Override
        public void stale(Instant since) {
            EventHub.this.stale(Frame.stale(since));
        }
    }
}
