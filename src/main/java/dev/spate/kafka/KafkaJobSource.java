package dev.spate.kafka;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.engine.Incoming;
import dev.spate.engine.JobSource;
import dev.spate.engine.RawMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of the jobs topic as shards.
 *
 * <p>One thread owns the consumer. It polls, decodes, hands over, and never waits for work; it
 * waits only while a shard is given back, because the group must not go on before. What others want
 * of it they leave where it looks before each poll: a shard that is open or full, a closing. Each
 * shard has an iterator, a transactional producer and a keeper's thread of its own, so that a slow
 * one delays no other.
 */
public final class KafkaJobSource implements JobSource {

    private static final Logger log = LoggerFactory.getLogger(KafkaJobSource.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int STANDBY_POLLS = 3;
    private static final Duration TROUBLE_PAUSE = Duration.ofSeconds(1);
    private static final Duration LEAVE_MAX = Duration.ofSeconds(3);

    private final KafkaSettings settings;
    private final JobMessages messages;
    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final ClientListener clients;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final ShardOpening opening;
    private final Map<Integer, ShardKeeper> keepers = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean isClosing;
    private volatile boolean isStarted;
    private volatile int pausedPartitions;
    private volatile int idlePollsAsMember;

    /**
     * Makes the clients; nothing is connected yet.
     *
     * @param messages the form of the jobs topic's messages
     * @param random for back-off
     * @param clients told of every client that lives as long as a shard or this source
     * @throws KafkaException if the settings cannot be, such as a host name that does not resolve
     */
    public KafkaJobSource(
            KafkaSettings settings,
            JobMessages messages,
            Scheduler scheduler,
            RandomGenerator random,
            ClientListener clients) {
        this.settings = settings;
        this.messages = messages;
        this.scheduler = scheduler;
        this.random = random;
        this.clients = clients;
        ClientProperties properties = new ClientProperties(settings);
        this.admin = Admin.create(properties.admin());
        this.consumer =
                new KafkaConsumer<>(
                        properties.jobs(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        this.opening = new ShardOpening(settings, admin, clients, scheduler, consumer::wakeup);
        clients.created(admin);
        clients.created(consumer);
    }

    @Override
    public void start(Owner owner) {
        isStarted = true;
        // A thread of the system's: the group must not take this worker for dead because its
        // virtual threads are busy.
        Thread.ofPlatform().name("spate-poll").daemon().start(() -> run(owner));
    }

    @Override
    public void dropped(int shard) {
        ShardKeeper keeper = keepers.get(shard);
        if (keeper != null) {
            keeper.drop();
        }
    }

    @Override
    public void close(Deadline deadline) throws InterruptedException {
        isClosing = true;
        consumer.wakeup();
        if (!isStarted) {
            closeClients();
            return;
        }
        try {
            scheduler.await(ended, deadline);
        } catch (TimeoutException notInTime) {
            log.warn("Kafka was not left in time");
        } catch (ExecutionException failed) {
            log.debug("Nothing to close: the poll thread had failed");
        }
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    @Override
    public OptionalInt shardCount() {
        int count = opening.shardCount();
        return count == 0 ? OptionalInt.empty() : OptionalInt.of(count);
    }

    /** How many partitions are paused, because they are full or not open yet. */
    public int pausedPartitions() {
        return pausedPartitions;
    }

    /**
     * Whether the group knows this worker and, for a few seconds now, has had no shard for it:
     * others have them all. Safe for any thread.
     */
    public boolean isStandby() {
        return idlePollsAsMember >= STANDBY_POLLS && !ended.isDone();
    }

    /** How many batches wait to be taken up, over all shards. */
    public int prefetchedBatches() {
        return keepers.values().stream()
                .flatMap(keeper -> keeper.intake().stream())
                .mapToInt(intake -> intake.batches().prefetched())
                .sum();
    }

    /** How many bytes of messages wait to be taken up, over all shards. */
    public long prefetchedBytes() {
        return keepers.values().stream()
                .flatMap(keeper -> keeper.intake().stream())
                .mapToLong(intake -> intake.batches().heldBytes())
                .sum();
    }

    /**
     * Why shards that are this worker's are not open, by shard: a line for each. Empty if all is
     * well; safe for any thread.
     */
    public SortedMap<Integer, String> troubles() {
        SortedMap<Integer, String> troubles = new TreeMap<>();
        keepers.forEach(
                (shard, keeper) -> keeper.trouble().ifPresent(why -> troubles.put(shard, why)));
        return troubles;
    }

    private void run(Owner owner) {
        @Nullable Throwable why = null;
        try {
            consumer.subscribe(List.of(settings.topics().jobs()), new Assignment(owner));
            String trouble = "";
            while (!isClosing) {
                trouble = pollOnce(trouble);
            }
        } catch (InterruptedException | RuntimeException | Error failure) {
            log.error("The poll thread failed: this worker takes no more jobs", failure);
            why = failure;
        }
        try {
            closeClients();
        } catch (RuntimeException | Error failure) {
            log.error("The clients could not be closed", failure);
            why = why == null ? failure : why;
        }
        if (why == null) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(why);
        }
    }

    /** Returns what is wrong, or nothing. */
    private String pollOnce(String troubleBefore) throws InterruptedException {
        try {
            direct();
            handOver(consumer.poll(POLL));
            // A member's epoch is above 0 from the group's first answer on.
            boolean isIdleMember =
                    consumer.assignment().isEmpty() && consumer.groupMetadata().generationId() > 0;
            idlePollsAsMember = isIdleMember ? Math.min(STANDBY_POLLS, idlePollsAsMember + 1) : 0;
            return "";
        } catch (WakeupException somethingNew) {
            return troubleBefore;
        } catch (KafkaException failure) {
            String trouble = String.valueOf(failure.getMessage());
            if (!trouble.equals(troubleBefore)) {
                log.error("Topic {} cannot be read: {}", settings.topics().jobs(), trouble);
            }
            scheduler.sleep(TROUBLE_PAUSE);
            return trouble;
        }
    }

    /** Seeks, resumes and pauses as the shards have come to want. */
    private void direct() {
        try {
            directAssigned();
        } catch (IllegalStateException taken) {
            // The consumer's own thread takes partitions away at any moment, this one too. The next
            // poll tells of it, and whatever is left is directed after that.
            log.debug("The assignment changed meanwhile: {}", taken.getMessage());
        }
    }

    private void directAssigned() {
        Set<TopicPartition> toPause = new HashSet<>();
        Set<TopicPartition> toResume = new HashSet<>();
        boolean isOverBudget = prefetchedBytes() >= settings.prefetchBytesMax();
        for (TopicPartition partition : consumer.assignment()) {
            Intake intake = intake(partition);
            if (intake != null && !intake.isSought()) {
                consumer.seek(partition, intake.from());
                intake.sought();
            }
            // A shard that has nothing is never starved by those that have much.
            boolean flows =
                    intake != null && !intake.isFull() && !(isOverBudget && intake.hasMessages());
            (flows ? toResume : toPause).add(partition);
        }
        pausedPartitions = toPause.size();
        toResume.retainAll(consumer.paused());
        consumer.pause(toPause);
        consumer.resume(toResume);
    }

    private void handOver(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            Intake intake = intake(partition);
            // What was fetched for a shard that is dropped by now is fetched again.
            if (intake != null && intake.isSought()) {
                intake.offer(records.records(partition).stream().map(this::decode).toList());
            }
        }
    }

    private Incoming decode(ConsumerRecord<byte[], byte[]> message) {
        List<RawMessage.Header> headers = new ArrayList<>();
        message.headers().forEach(h -> headers.add(new RawMessage.Header(h.key(), h.value())));
        return messages.decode(
                message.offset(),
                Instant.ofEpochMilli(Math.max(0, message.timestamp())),
                new RawMessage(message.key(), message.value(), headers));
    }

    private @Nullable Intake intake(TopicPartition partition) {
        ShardKeeper keeper = keepers.get(partition.partition());
        return keeper == null ? null : keeper.intake().orElse(null);
    }

    private void closeClients() {
        clients.closed(consumer);
        // Gives back the shards on the way.
        try {
            consumer.close(CloseOptions.timeout(LEAVE_MAX.plus(settings.revokeTimeout())));
        } catch (KafkaException failure) {
            log.warn("The group could not be left: {}", failure.getMessage());
        }
        giveBack(List.copyOf(keepers.keySet()), true);
        clients.closed(admin);
        admin.close(LEAVE_MAX);
    }

    private void giveBack(Collection<Integer> shards, boolean mayWrite) {
        CompletableFuture<?>[] ends =
                shards.stream()
                        .flatMap(shard -> Optional.ofNullable(keepers.remove(shard)).stream())
                        .map(keeper -> keeper.end(mayWrite))
                        .toArray(CompletableFuture[]::new);
        try {
            Duration patience = settings.revokeTimeout().plus(LEAVE_MAX);
            scheduler.await(CompletableFuture.allOf(ends), Deadline.after(scheduler, patience));
        } catch (TimeoutException | ExecutionException notInTime) {
            log.warn("Shards {} were not given back in time", shards);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).toList();
    }

    /** Called by the consumer, on the poll thread. */
    private final class Assignment implements ConsumerRebalanceListener {

        private final Owner owner;

        Assignment(Owner owner) {
            this.owner = owner;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            for (int shard : numbers(partitions)) {
                keepers.put(
                        shard,
                        new ShardKeeper(
                                shard,
                                opening,
                                owner,
                                settings.revokeTimeout(),
                                scheduler,
                                random));
            }
            // Before anything is fetched for a shard that is not open yet.
            direct();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            giveBack(numbers(partitions), true);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            giveBack(numbers(partitions), false);
        }
    }
}
