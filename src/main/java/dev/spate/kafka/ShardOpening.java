package dev.spate.kafka;

import dev.spate.async.Scheduler;
import dev.spate.engine.JobSource;
import dev.spate.job.JobRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a shard is opened: fence, replay, leave a mark, and only then ask where to go on. */
final class ShardOpening {

    private static final Logger log = LoggerFactory.getLogger(ShardOpening.class);

    private final KafkaSettings settings;
    private final ClientProperties properties;
    private final Admin admin;
    private final ClientListener clients;
    private final Scheduler scheduler;
    private final Runnable wakeUp;
    private final TopicSetup topics;
    private final RecordLimit limit;
    private volatile int shardCount;

    /**
     * @param wakeUp tells the poll thread that there is something new
     */
    ShardOpening(
            KafkaSettings settings,
            Admin admin,
            ClientListener clients,
            Scheduler scheduler,
            Runnable wakeUp) {
        this.settings = settings;
        this.properties = new ClientProperties(settings);
        this.admin = admin;
        this.clients = clients;
        this.scheduler = scheduler;
        this.wakeUp = wakeUp;
        this.topics = new TopicSetup(settings, admin);
        this.limit = new RecordLimit(settings.resultBytesMax());
    }

    /**
     * Opens a shard. Blocks, and answers interruption.
     *
     * @throws KafkaException if that is not possible at the moment, or not before somebody has put
     *     the topics in order
     */
    OpenShard open(int number) throws InterruptedException {
        // A commit that one topic refuses would fail again after every opening.
        List<String> obstacles = topics.obstacles();
        if (!obstacles.isEmpty()) {
            throw new KafkaException(String.join("; ", obstacles));
        }
        shardCount = topics.shardCount();
        var producer =
                new KafkaProducer<>(
                        properties.shardProducer(number),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        clients.created(producer);
        boolean isOpen = false;
        try {
            long startedAt = scheduler.nanoTime();
            producer.initTransactions();
            List<JobRecord> records =
                    Replay.read(
                            properties.replay(),
                            new TopicPartition(settings.topics().journal(), number),
                            scheduler);
            long ownedAt = scheduler.nanoTime();
            long epoch = OwnerMark.commit(producer, settings.topics().journal(), number);
            // Only now: until the former owner was fenced, it could still commit offsets.
            long from = committedOffset(number);
            KafkaJournal journal =
                    new KafkaJournal(settings, number, producer, ownedAt, limit, scheduler);
            Intake intake = new Intake(settings, scheduler, from, wakeUp);
            log.debug(
                    "Shard {} opened in {} ms, epoch {}: {} jobs remembered, going on at offset {}",
                    number,
                    Duration.ofNanos(scheduler.nanoTime() - startedAt).toMillis(),
                    epoch,
                    records.size(),
                    from);
            isOpen = true;
            return new OpenShard(
                    new JobSource.Shard(number, epoch, records, journal, intake.batches()),
                    journal,
                    intake,
                    () -> clients.closed(producer));
        } finally {
            if (!isOpen) {
                clients.closed(producer);
                producer.close(Duration.ZERO);
            }
        }
    }

    /** How many shards there were when the last one was opened; 0 before the first. */
    int shardCount() {
        return shardCount;
    }

    private long committedOffset(int number) throws InterruptedException {
        TopicPartition partition = new TopicPartition(settings.topics().jobs(), number);
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets =
                    admin.listConsumerGroupOffsets(
                                    Map.of(
                                            settings.group(),
                                            new ListConsumerGroupOffsetsSpec()
                                                    .topicPartitions(List.of(partition))),
                                    new ListConsumerGroupOffsetsOptions().requireStable(true))
                            .partitionsToOffsetAndMetadata()
                            .get();
            @Nullable OffsetAndMetadata committed = offsets.get(partition);
            // An offset before the log's beginning is reset to it by the consumer.
            return committed == null ? 0 : committed.offset();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof KafkaException kafka
                    ? kafka
                    : new KafkaException(failed.getCause());
        }
    }
}
