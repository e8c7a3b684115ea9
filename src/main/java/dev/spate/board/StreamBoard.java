package dev.spate.board;

import dev.spate.async.Backoff;
import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.JobId;
import dev.spate.job.Text;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A board that Kafka Streams keeps. It starts and, if it fails, starts anew in the background;
 * nobody waits for it, and nothing but the board notices. Safe for any thread.
 */
public final class StreamBoard implements Board, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StreamBoard.class);

    /** Farther behind than this, what it shows is not how things are. */
    private static final long BEHIND_RECORDS_MAX = 10_000;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    /** Workers that cannot be told apart are told of when they were seen twice. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    /** Whoever was well for so long begins with short pauses again. */
    private static final Duration WELL_AFTER = Duration.ofMinutes(1);

    private static final Backoff BACKOFF =
            new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), 2, 0.2);

    private final Map<String, Object> clients;
    private final String group;
    private final String journal;
    private final Peer own;
    private final BoardSettings settings;
    private final RecordForm form;
    private final Scheduler scheduler;
    private final RandomGenerator random;

    // Of the task alone.
    private boolean hasWarned;

    private volatile Life life = new Life.Pausing(new State.Stopped());
    private final Scheduler.Task<Void> task;

    /** What there is at the moment. */
    private sealed interface Life {
        record Streaming(Addresses addresses, Tables tables, Progress progress) implements Life {}

        record Pausing(State state) implements Life {}
    }

    private StreamBoard(
            Map<String, Object> clients,
            String group,
            String journal,
            Peer own,
            BoardSettings settings,
            RecordForm form,
            Scheduler scheduler,
            RandomGenerator random) {
        this.clients = Map.copyOf(clients);
        this.group = group;
        this.journal = journal;
        this.own = own;
        this.settings = settings;
        this.form = form;
        this.scheduler = scheduler;
        this.random = random;
        this.task = scheduler.start("board", this::live);
    }

    /**
     * Begins to keep a board. Returns at once.
     *
     * @param clients what every Kafka client is told
     * @param group whose board it is
     * @param journal the journal's topic
     * @param own where this worker answers the others
     */
    public static StreamBoard start(
            Map<String, Object> clients,
            String group,
            String journal,
            Peer own,
            BoardSettings settings,
            RecordForm form,
            Scheduler scheduler,
            RandomGenerator random) {
        return new StreamBoard(clients, group, journal, own, settings, form, scheduler, random);
    }

    @Override
    public State state() {
        return switch (life) {
            case Life.Pausing pausing -> pausing.state();
            case Life.Streaming streaming -> state(streaming);
        };
    }

    private State state(Life.Streaming streaming) {
        Progress progress = streaming.progress();
        return switch (streaming.addresses().streams().state()) {
            case RUNNING -> running(streaming.tables(), progress);
            case CREATED, REBALANCING -> new State.Restoring(progress.behind());
            case PENDING_ERROR, ERROR -> new State.Failed("it is being started anew");
            case PENDING_SHUTDOWN, NOT_RUNNING -> new State.Stopped();
        };
    }

    private State running(Tables tables, Progress progress) {
        if (progress.isStale(scheduler)) {
            return new State.Failed("Kafka does not answer");
        }
        long behind = progress.behind();
        boolean isReady =
                progress.hasCaughtUp()
                        && behind <= BEHIND_RECORDS_MAX
                        && progress.partitions().stream().allMatch(tables::isOpen);
        return isReady ? new State.Ready(tables) : new State.Restoring(behind);
    }

    @Override
    public List<Peer> peers() {
        return switch (life) {
            case Life.Pausing _ -> List.of();
            case Life.Streaming streaming -> streaming.addresses().all();
        };
    }

    @Override
    public Optional<Peer> ownerOf(JobId id) {
        return switch (life) {
            case Life.Pausing _ -> Optional.empty();
            case Life.Streaming streaming -> streaming.addresses().ownerOf(id);
        };
    }

    @Override
    public Set<Integer> unreachable() {
        return switch (life) {
            case Life.Pausing _ -> Set.of();
            case Life.Streaming streaming -> unreachable(streaming);
        };
    }

    /** While partitions change hands, nobody need know who has them. */
    private static Set<Integer> unreachable(Life.Streaming streaming) {
        Progress progress = streaming.progress();
        return streaming.addresses().streams().state() == KafkaStreams.State.RUNNING
                ? streaming.addresses().unreachable(progress.journalSize(), progress.partitions())
                : Set.of();
    }

    /** How many records are still to be read; 0 while there is no stream. */
    public long behindRecords() {
        return life instanceof Life.Streaming streaming ? streaming.progress().behind() : 0;
    }

    /** How many jobs it has. */
    public int jobs() {
        return life instanceof Life.Streaming streaming ? streaming.tables().jobs() : 0;
    }

    /** How many records it could not read. */
    public long unreadableRecords() {
        return life instanceof Life.Streaming streaming ? streaming.progress().unreadable() : 0;
    }

    /** Begins to end. Returns at once; {@link #close} waits. */
    public void stop() {
        task.cancel();
    }

    /** Ends, so that others take over at once. Blocks for a few seconds at most. */
    @Override
    public void close() {
        stop();
        try {
            scheduler.await(
                    task.result().handle((_, _) -> true),
                    Deadline.after(scheduler, CLOSE_TIMEOUT.plusSeconds(1)));
        } catch (TimeoutException | ExecutionException slow) {
            log.warn("The board did not close in time");
        } catch (InterruptedException interrupted) {
            // It ends all the same, with nobody waiting for it.
            Thread.currentThread().interrupt();
        }
    }

    private Void live() throws InterruptedException {
        int failures = 0;
        while (true) {
            Deadline wellAfter = Deadline.after(scheduler, WELL_AFTER);
            String why = stream();
            failures = wellAfter.hasPassed(scheduler) ? 1 : failures + 1;
            log.warn("The board has failed, and is started anew: {}", why);
            life = new Life.Pausing(new State.Failed(why));
            scheduler.sleep(BACKOFF.delay(failures, random));
        }
    }

    /** Blocks until the stream fails. Returns why. */
    private String stream() throws InterruptedException {
        Progress progress = new Progress();
        Tables tables = new Tables(form, scheduler);
        CompletableFuture<Throwable> failed = new CompletableFuture<>();
        KafkaStreams streams;
        try {
            streams = streams(tables, progress, failed);
        } catch (RuntimeException refused) {
            return Text.oneLine(refused.toString());
        }
        try {
            Life.Streaming streaming =
                    new Life.Streaming(new Addresses(streams, own), tables, progress);
            life = streaming;
            streams.start();
            Throwable failure = awaitFailure(failed, streaming);
            log.debug("The board's stream has failed", failure);
            return Text.oneLine(failure.toString());
        } catch (RuntimeException refused) {
            return Text.oneLine(refused.toString());
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            life = new Life.Pausing(new State.Stopped());
            close(streams);
        }
    }

    private Throwable awaitFailure(CompletableFuture<Throwable> failed, Life.Streaming streaming)
            throws InterruptedException, ExecutionException {
        Set<Integer> before = Set.of();
        while (true) {
            try {
                return scheduler.await(failed, Deadline.after(scheduler, LOOK_EVERY));
            } catch (TimeoutException well) {
                Set<Integer> unreachable = unreachable(streaming);
                if (!hasWarned && !unreachable.isEmpty() && unreachable.equals(before)) {
                    hasWarned = true;
                    log.warn(
                            "Whoever has the jobs of the shards {} says that it answers where another"
                                    + " worker does; this one says {}. Set http.advertised-host of each"
                                    + " to an address that leads to it alone",
                            unreachable,
                            own);
                }
                before = unreachable;
            }
        }
    }

    private KafkaStreams streams(
            Tables tables, Progress progress, CompletableFuture<Throwable> failed) {
        KafkaStreams streams =
                new KafkaStreams(
                        BoardTopology.of(
                                journal,
                                settings.retention(),
                                () -> new Fold(settings, form, tables, progress, scheduler)),
                        StreamProperties.of(clients, group, own, settings),
                        new JournalClients(progress, scheduler));
        streams.setGlobalStateRestoreListener(progress);
        streams.setUncaughtExceptionHandler(
                failure -> {
                    failed.complete(failure);
                    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
                });
        return streams;
    }

    private static void close(KafkaStreams streams) {
        boolean wasInterrupted = Thread.interrupted();
        try {
            streams.close(
                    CloseOptions.timeout(CLOSE_TIMEOUT)
                            .withGroupMembershipOperation(
                                    CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
