package dev.spate.kafka;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.engine.EngineEvents;
import dev.spate.engine.OutputLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes output on its topic, outside of transactions, in the partition of the job's shard.
 *
 * <p>Who publishes only lays down; one thread sends what has come within a twentieth of a second.
 * If Kafka does not take it, what waits is lost, and so is what comes within the next five seconds;
 * then a new producer tries again, for some errors of a producer are its last. The first producer
 * is made when there is something to send.
 */
public final class KafkaOutputLog implements OutputLog, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KafkaOutputLog.class);

    private static final Duration LINGER = Duration.ofMillis(50);
    private static final Duration REST = Duration.ofSeconds(5);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);
    private static final int WAITING_BYTES_MAX = 16 << 20;

    private final KafkaSettings settings;
    private final Scheduler scheduler;
    private final ClientListener clients;
    private final OutputTally tally;
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private final CompletableFuture<Void> ended;

    // Guarded by this.
    private final WaitingOutput waiting = new WaitingOutput(WAITING_BYTES_MAX);
    private List<CompletableFuture<Void>> flushes = new ArrayList<>();
    private CompletableFuture<Void> something = new CompletableFuture<>();
    private Scheduler.@Nullable Timer linger;

    /** Why nothing is taken at present; empty if it is. */
    private String refusal = "";

    /** Whether nothing has arrived since something last failed. */
    private boolean isTroubled;

    // The sending thread's own.
    private @Nullable Producer<byte[], byte[]> producer;

    /** What the present producer has failed with. */
    private volatile @Nullable Exception failure;

    /**
     * Begins. Nothing is connected yet.
     *
     * @param events told of what is published and what is lost
     * @param clients told of the producers
     */
    public KafkaOutputLog(
            KafkaSettings settings,
            Scheduler scheduler,
            EngineEvents events,
            ClientListener clients) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.clients = clients;
        this.tally = new OutputTally(events, scheduler);
        this.ended = scheduler.start("output-log", this::run).result();
    }

    @Override
    public void publish(Source source, long offset, byte[] bytes) {
        String why;
        synchronized (this) {
            why = refusal;
            if (why.isEmpty() && !waiting.add(source, offset, bytes)) {
                why = "there is more than Kafka takes";
            }
            if (why.isEmpty()) {
                soon();
                return;
            }
        }
        tally.lost(bytes.length, why);
    }

    @Override
    public synchronized void capped(Source source, long offset) {
        if (refusal.isEmpty()) {
            waiting.addCapped(source, offset);
            soon();
        }
    }

    @Override
    public CompletableFuture<Void> flush() {
        CompletableFuture<Void> flushed = new CompletableFuture<>();
        CompletableFuture<Void> awaited;
        synchronized (this) {
            // Who waits for what will hardly arrive only loses time as well.
            if (!refusal.isEmpty() || isTroubled) {
                return CompletableFuture.completedFuture(null);
            }
            flushes.add(flushed);
            awaited = something;
        }
        awaited.complete(null);
        return flushed;
    }

    /** Sends what waits. Blocks for two seconds at most. */
    @Override
    public void close() {
        closing.complete(null);
        try {
            scheduler.await(ended, Deadline.after(scheduler, CLOSE_MAX));
        } catch (TimeoutException | ExecutionException notInTime) {
            log.debug("The last output was not sent in time");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The thread is to look within the linger. Called with the lock held. */
    private void soon() {
        if (linger == null) {
            CompletableFuture<Void> awaited = something;
            linger = scheduler.schedule(LINGER, () -> awaited.complete(null));
        }
    }

    /** What is to be done next. */
    private record Work(List<WaitingOutput.Piece> pieces, List<CompletableFuture<Void>> flushes) {

        void over() {
            flushes.forEach(flushed -> flushed.complete(null));
        }
    }

    /**
     * @param whyNoMore why nothing more is taken; empty if it is
     */
    private synchronized Work take(String whyNoMore) {
        if (linger != null) {
            linger.cancel();
            linger = null;
        }
        refusal = whyNoMore;
        Work work = new Work(waiting.takeAll(), flushes);
        flushes = new ArrayList<>();
        something = new CompletableFuture<>();
        return work;
    }

    private @Nullable Void run() throws InterruptedException {
        try {
            while (!closing.isDone()) {
                await(CompletableFuture.anyOf(anything(), closing), Deadline.NEVER);
                send(take(""));
                if (failure != null) {
                    rest(why());
                }
            }
            send(take("this worker ends"));
        } finally {
            lose(take("this worker ends"), "it ended");
            discardProducer();
        }
        return null;
    }

    private synchronized CompletableFuture<Void> anything() {
        return something;
    }

    private void rest(String why) throws InterruptedException {
        lose(take(why), why);
        discardProducer();
        await(closing, Deadline.after(scheduler, REST));
        // Whatever the last of the old one's sends failed with by now.
        failure = null;
        lose(take(""), why);
    }

    private void await(CompletableFuture<?> awaited, Deadline deadline)
            throws InterruptedException {
        try {
            scheduler.await(awaited, deadline);
        } catch (TimeoutException over) {
            // Rested.
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("it does not fail", impossible);
        }
    }

    private void lose(Work work, String why) {
        work.pieces().forEach(piece -> tally.lost(piece.bytes().length, why));
        work.over();
    }

    private void send(Work work) throws InterruptedException {
        List<WaitingOutput.Piece> pieces = work.pieces();
        int sent = 0;
        try {
            if (!pieces.isEmpty()) {
                Producer<byte[], byte[]> to = producer();
                int partitions = partitions(to);
                while (sent < pieces.size() && failure == null) {
                    WaitingOutput.Piece piece = pieces.get(sent);
                    send(to, piece, piece.source.shard() % partitions);
                    sent++;
                }
            }
            if (producer != null && (!work.flushes().isEmpty() || closing.isDone())) {
                producer.flush();
            }
        } catch (InterruptException interrupted) {
            throw new InterruptedException("interrupted while sending output");
        } catch (RuntimeException refused) {
            failed(refused);
        } finally {
            lose(new Work(pieces.subList(sent, pieces.size()), work.flushes()), why());
        }
    }

    private int partitions(Producer<byte[], byte[]> of) {
        String topic = settings.topics().logs();
        int partitions = of.partitionsFor(topic).size();
        if (partitions == 0) {
            throw new KafkaException("there is no topic " + topic);
        }
        return partitions;
    }

    private void send(Producer<byte[], byte[]> to, WaitingOutput.Piece piece, int partition) {
        byte[] bytes = piece.bytes();
        var _ =
                to.send(
                        LogRecords.write(
                                settings.topics().logs(),
                                partition,
                                piece.source,
                                piece.offset,
                                bytes,
                                piece.isCapped),
                        (_, refused) -> {
                            if (refused == null) {
                                arrived(bytes.length);
                            } else {
                                failed(refused);
                                tally.lost(bytes.length, String.valueOf(refused.getMessage()));
                            }
                        });
    }

    private void arrived(int bytes) {
        synchronized (this) {
            isTroubled = false;
        }
        tally.arrived(bytes);
    }

    private synchronized void failed(Exception why) {
        failure = why;
        isTroubled = true;
    }

    /** Why output is lost, if it is. */
    private String why() {
        Exception why = failure;
        return why == null ? "this worker ends" : String.valueOf(why.getMessage());
    }

    private Producer<byte[], byte[]> producer() {
        if (producer == null) {
            producer =
                    new KafkaProducer<>(
                            new ClientProperties(settings).logProducer(),
                            new ByteArraySerializer(),
                            new ByteArraySerializer());
            clients.created(producer);
        }
        return producer;
    }

    private void discardProducer() {
        if (producer != null) {
            clients.closed(producer);
            producer.close(Duration.ZERO);
            producer = null;
        }
    }
}
