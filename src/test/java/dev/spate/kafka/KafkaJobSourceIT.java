package dev.spate.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.spate.async.BatchIterator;
import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.engine.Commit;
import dev.spate.engine.Incoming;
import dev.spate.engine.JobSource;
import dev.spate.engine.Journal;
import dev.spate.engine.Reject;
import dev.spate.job.JobId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaJobSourceIT {

    private static KafkaFixture kafka;
    private final List<KafkaJobSource> sources = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        kafka = new KafkaFixture(data);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @AfterEach
    void close() throws Exception {
        for (KafkaJobSource source : sources) {
            source.close(within(10));
        }
    }

    @Test
    void handsOverMessagesInOrderAndGoesOnAfterTheLastClaim() throws Exception {
        KafkaSettings settings = kafka.fresh(1);
        kafka.sendJobs(settings, 0, 25);
        ShardCollector first = started(settings);
        JobSource.Shard shard = shard(first, 0);
        assertThat(offsets(KafkaFixture.next(shard))).isEqualTo(range(0, 10));
        KafkaFixture.append(shard, KafkaFixture.claim("job-0", 10));
        assertThat(offsets(KafkaFixture.next(shard))).isEqualTo(range(10, 20));

        // What was handed over but not claimed comes again.
        closeAll();
        JobSource.Shard again = shard(started(settings), 0);

        assertThat(offsets(KafkaFixture.next(again))).isEqualTo(range(10, 20));
        assertThat(offsets(KafkaFixture.next(again))).isEqualTo(range(20, 25));
        assertThat(again.records())
                .extracting(record -> record.id().value())
                .containsExactly("job-0");
    }

    @Test
    void showsReadersOfCommittedTransactionsEveryResultOnce() throws Exception {
        KafkaSettings settings = kafka.fresh(1);
        JobSource.Shard shard = shard(started(settings), 0);

        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            done.add(
                    shard.journal()
                            .append(
                                    Commit.of(
                                            KafkaFixture.record("job-" + i),
                                            KafkaFixture.result("job-" + i))));
        }
        CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);

        assertThat(kafka.committed(settings, settings.topics().results()))
                .extracting(KafkaJobSourceIT::key)
                .hasSize(300)
                .doesNotHaveDuplicates();
        // Each transaction ends with a marker in the journal: far fewer than commits.
        long markers = end(settings.topics().journal()) - 300;
        assertThat(markers).isBetween(1L, 30L);
    }

    @Test
    void replaysTheLatestRecordsWithoutTheForgotten() throws Exception {
        KafkaSettings settings = kafka.fresh(2);
        JobSource.Shard shard = shard(started(settings), 1);
        KafkaFixture.append(shard, Commit.of(KafkaFixture.record("a")));
        KafkaFixture.append(shard, Commit.of(KafkaFixture.record("b")));
        KafkaFixture.append(shard, Commit.of(KafkaFixture.record("a").cancelled()));
        KafkaFixture.append(
                shard,
                new Commit(
                        List.of(),
                        List.of(new JobId("b")),
                        List.of(),
                        List.of(),
                        OptionalLong.empty()));
        closeAll();

        ShardCollector owner = started(settings);

        assertThat(shard(owner, 1).records()).containsExactly(KafkaFixture.record("a").cancelled());
        assertThat(shard(owner, 0).records()).isEmpty();
    }

    @Test
    void fencesWhoeverHadTheShardBefore() throws Exception {
        KafkaSettings settings = kafka.fresh(1);
        ShardCollector owner = new ShardCollector();
        KafkaJobSource source = start(settings, owner);
        JobSource.Shard shard = shard(owner, 0);

        OpenShard stolen = opening(settings, kafka.scheduler).open(0);

        assertThatThrownBy(
                        () ->
                                KafkaFixture.append(
                                        shard,
                                        Commit.of(
                                                KafkaFixture.record("a"),
                                                KafkaFixture.result("a"))))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(Journal.JournalLost.class);
        assertThatThrownBy(() -> KafkaFixture.append(shard, Commit.of(KafkaFixture.record("b"))))
                .hasCauseInstanceOf(Journal.JournalLost.class);
        KafkaFixture.append(stolen.shard(), Commit.of(KafkaFixture.record("c")));
        stolen.close(within(5));
        assertThat(kafka.committed(settings, settings.topics().results())).isEmpty();

        // The loser drops the shard, and since it is still assigned, opens it anew.
        owner.shards.clear();
        source.dropped(0);
        assertThat(shard(owner, 0).records()).containsExactly(KafkaFixture.record("c"));
        assertThat(owner.openings).hasSize(2);
    }

    @Test
    void givesEveryOwnerAHigherEpochAndConfirmsNoneButTheLast() throws Exception {
        KafkaSettings settings = kafka.fresh(1);
        SkippingScheduler clock = new SkippingScheduler(kafka.scheduler);
        ShardOpening opening = opening(settings, clock);
        OpenShard first = opening.open(0);
        KafkaFixture.append(first.shard(), Commit.of(KafkaFixture.record("a")));

        OpenShard second = opening.open(0);

        assertThat(second.shard().epoch()).isGreaterThan(first.shard().epoch());
        assertThat(second.shard().records()).containsExactly(KafkaFixture.record("a"));
        clock.skip(Journal.CONFIRMED_FOR);
        assertThatThrownBy(() -> KafkaFixture.confirm(first.shard()))
                .hasCauseInstanceOf(Journal.JournalLost.class);
        KafkaFixture.confirm(second.shard());
        first.abandon("expected by the test", null);
        second.close(within(5));
    }

    @Test
    void confirmsAtNoCostSoonAfterACommit() throws Exception {
        KafkaSettings settings = kafka.fresh(1);
        SkippingScheduler clock = new SkippingScheduler(kafka.scheduler);
        OpenShard shard = opening(settings, clock).open(0);
        // The owner's mark, and the end of its transaction, which comes after the answer.
        await().until(() -> end(settings.topics().journal()) == 2);

        KafkaFixture.confirm(shard.shard());
        assertThat(end(settings.topics().journal())).isEqualTo(2);

        clock.skip(Journal.CONFIRMED_FOR);
        KafkaFixture.confirm(shard.shard());
        await().until(() -> end(settings.topics().journal()) == 4);
        shard.close(within(5));
    }

    @Test
    void keepsTheStreamGoingThroughEveryBadMessage() throws Exception {
        KafkaSettings settings = kafka.fresh(1);
        List<BadMessages.BadMessage> bad = BadMessages.all();
        for (BadMessages.BadMessage message : bad) {
            kafka.send(settings, 0, "job-1", message.bytes());
        }
        kafka.send(settings, 0, "last", "{\"run\": \"true\"}".getBytes(UTF_8));
        JobSource.Shard shard = shard(started(settings), 0);

        List<Incoming> rejected = new ArrayList<>();
        while (rejected.size() < bad.size()) {
            for (Incoming incoming : KafkaFixture.next(shard)) {
                if (incoming instanceof Incoming.Malformed malformed) {
                    rejected.add(incoming);
                    KafkaFixture.append(shard, rejecting(malformed));
                }
            }
        }

        List<ConsumerRecord<byte[], byte[]>> rejects =
                kafka.committed(settings, settings.topics().rejects());
        assertThat(rejects).hasSize(bad.size());
        for (ConsumerRecord<byte[], byte[]> reject : rejects) {
            BadMessages.BadMessage original =
                    bad.get(Integer.parseInt(header(reject, "spate-original-offset")));
            assertThat(reject.value()).isEqualTo(original.bytes());
            assertThat(header(reject, "spate-reason")).contains(original.reason());
            assertThat(header(reject, "spate-reason-class")).isEqualTo("invalid");
        }
        closeAll();
        assertThat(offsets(KafkaFixture.next(shard(started(settings), 0))))
                .containsExactly((long) bad.size());
    }

    @Test
    void pausesAFullShardAndDelaysNoOther() throws Exception {
        KafkaSettings settings = kafka.fresh(2);
        ShardCollector owner = new ShardCollector();
        KafkaJobSource source = start(settings, owner);
        JobSource.Shard slow = shard(owner, 0);
        JobSource.Shard quick = shard(owner, 1);
        await().until(() -> source.pausedPartitions() == 0);

        kafka.sendJobs(settings, 0, 2_000);
        await().until(() -> source.pausedPartitions() == 1);
        kafka.sendJobs(settings, 1, 1);
        assertThat(KafkaFixture.next(quick)).hasSize(1);
        assertThat(source.prefetchedBatches()).isGreaterThanOrEqualTo(2);

        List<Incoming> taken = new ArrayList<>();
        while (taken.size() < 2_000) {
            taken.addAll(KafkaFixture.next(slow));
        }
        assertThat(offsets(taken)).isEqualTo(range(0, 2_000));
        await().until(() -> source.pausedPartitions() == 0);
    }

    @Test
    void holdsNoMoreBytesThanItsBudgetOverAllShardsAndStarvesNone() throws Exception {
        long budget = 1 << 20;
        KafkaSettings settings = kafka.fresh(3).withPrefetchBytesMax(budget);
        settings =
                settings.withInput(
                        new BatchIterator.Limits(1_000, 8 << 20, Duration.ofMillis(5), 1_000));
        ShardCollector owner = new ShardCollector();
        KafkaJobSource source = start(settings, owner);
        shard(owner, 0);
        shard(owner, 1);
        JobSource.Shard idle = shard(owner, 2);
        await().until(() -> source.pausedPartitions() == 0);

        kafka.sendJobs(settings, 0, 20_000);
        await().until(() -> source.pausedPartitions() == 1);
        kafka.sendJobs(settings, 2, 1);

        assertThat(KafkaFixture.next(idle)).hasSize(1);
        // What one poll fetches may come on top.
        assertThat(source.prefetchedBytes()).isBetween(budget, 2 * budget);
    }

    @Test
    void sharesThePartitionsWithWhoeverJoinsAndTakesThemBack() throws Exception {
        KafkaSettings settings = kafka.fresh(4);
        ShardCollector first = started(settings);
        await().atMost(Duration.ofSeconds(15)).until(() -> first.shards.size() == 4);
        ShardCollector second = new ShardCollector();
        KafkaJobSource joining = start(settings, second);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> first.shards.size() == 2 && second.shards.size() == 2);
        assertThat(first.revocations).hasSize(2);
        JobSource.Shard moved = second.shards.values().iterator().next();
        KafkaFixture.append(moved, Commit.of(KafkaFixture.record("a")));

        joining.close(within(10));

        await().atMost(Duration.ofSeconds(20)).until(() -> first.shards.size() == 4);
        assertThat(shard(first, moved.number()).records()).hasSize(1);
        assertThat(second.shards).isEmpty();
    }

    @Test
    void cutsAResultThatIsTooLargeInsteadOfLosingTheShard() throws Exception {
        KafkaSettings settings = kafka.fresh(1);
        JobSource.Shard shard = shard(started(settings), 0);

        KafkaFixture.append(
                shard,
                Commit.of(KafkaFixture.record("a"), ResultsTest.result(100, "x".repeat(60_000))));

        var results = kafka.committed(settings, settings.topics().results());
        assertThat(results).hasSize(1);
        assertThat(results.getFirst().value()).hasSizeLessThanOrEqualTo(settings.resultBytesMax());
    }

    @Test
    void saysWhyAShardIsNotOpenAndOpensItOnceTheTopicsAreInOrder() throws Exception {
        KafkaSettings settings = kafka.fresh(1);
        limitResultsTo(settings, 100_000);
        ShardCollector owner = new ShardCollector();
        KafkaJobSource source = start(settings, owner);

        await().atMost(Duration.ofSeconds(20)).until(() -> source.troubles().containsKey(0));
        assertThat(source.troubles().get(0))
                .isEqualTo(
                        "topic "
                                + settings.topics().results()
                                + ": expected max.message.bytes of at least 937984, found 100000");

        limitResultsTo(settings, 1_000_000);
        assertThat(shard(owner, 0).records()).isEmpty();
        assertThat(source.troubles()).isEmpty();
    }

    @Test
    void saysWhichRecordOfTheJournalCannotBeRead() throws Exception {
        KafkaSettings settings = kafka.fresh(1);
        kafka.sendTo(settings.topics().journal(), 0, "a", "{\"version\": 2}".getBytes(UTF_8));
        ShardCollector owner = new ShardCollector();
        KafkaJobSource source = start(settings, owner);

        await().atMost(Duration.ofSeconds(20)).until(() -> source.troubles().containsKey(0));

        assertThat(source.troubles().get(0))
                .contains("at offset 0: journal record: version: expected version 1, found 2");
        assertThat(owner.openings).isEmpty();
    }

    @Test
    void saysThatItHasEnded() throws Exception {
        KafkaJobSource source = start(kafka.fresh(1), new ShardCollector());

        source.close(within(10));

        assertThat(source.ended()).isCompleted();
    }

    @Test
    void saysThatItsPollThreadHasFailed() throws Exception {
        ShardCollector owner = new ShardCollector();
        KafkaJobSource source = start(kafka.fresh(1), owner);
        shard(owner, 0);

        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("spate-poll"))
                .forEach(Thread::interrupt);

        await().atMost(Duration.ofSeconds(20)).until(() -> source.ended().isDone());
        assertThat(source.ended()).isCompletedExceptionally();
        assertThat(owner.shards).isEmpty();
    }

    private static void limitResultsTo(KafkaSettings settings, int bytes) throws Exception {
        var entry = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
        kafka.admin()
                .incrementalAlterConfigs(
                        Map.of(
                                new ConfigResource(
                                        ConfigResource.Type.TOPIC, settings.topics().results()),
                                List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private ShardCollector started(KafkaSettings settings) {
        ShardCollector owner = new ShardCollector();
        start(settings, owner);
        return owner;
    }

    private static ShardOpening opening(KafkaSettings settings, Scheduler scheduler) {
        return new ShardOpening(settings, kafka.admin(), ClientListener.NONE, scheduler, () -> {});
    }

    private KafkaJobSource start(KafkaSettings settings, ShardCollector owner) {
        KafkaJobSource source = kafka.source(settings);
        sources.add(source);
        source.start(owner);
        return source;
    }

    private void closeAll() throws InterruptedException {
        for (KafkaJobSource source : sources) {
            source.close(within(10));
        }
        sources.clear();
    }

    private static JobSource.Shard shard(ShardCollector owner, int number) {
        await().atMost(Duration.ofSeconds(20)).until(() -> owner.shards.containsKey(number));
        return Objects.requireNonNull(owner.shards.get(number));
    }

    private static Commit rejecting(Incoming.Malformed malformed) {
        return new Commit(
                List.of(),
                List.of(),
                List.of(),
                List.of(new Reject(malformed.offset(), malformed.why(), malformed.raw())),
                OptionalLong.of(malformed.offset() + 1));
    }

    private static long end(String topic) throws Exception {
        var partition = new TopicPartition(topic, 0);
        return kafka.admin()
                .listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private static Deadline within(int seconds) {
        return Deadline.after(kafka.scheduler, Duration.ofSeconds(seconds));
    }

    private static List<Long> offsets(List<Incoming> messages) {
        return messages.stream().map(Incoming::offset).toList();
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private static String key(ConsumerRecord<byte[], byte[]> message) {
        return new String(message.key(), UTF_8);
    }

    private static String header(ConsumerRecord<byte[], byte[]> message, String name) {
        return new String(message.headers().lastHeader(name).value(), UTF_8);
    }
}
