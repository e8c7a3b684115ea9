package dev.spate.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.spate.async.Deadline;
import dev.spate.async.SystemScheduler;
import dev.spate.engine.Commit;
import dev.spate.engine.JobSource;
import dev.spate.local.Broker;
import dev.spate.local.BrokerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokerRestartIT {

    @Test
    void goesOnWithWhatItHadWhenTheBrokerIsBack(@TempDir Path data) throws Exception {
        SystemScheduler scheduler = new SystemScheduler();
        Broker broker = Broker.start(BrokerSettings.in(data));
        KafkaSettings settings = KafkaSettings.of(broker.bootstrapServers(), "g");
        createTopics(settings);
        ShardCollector owner = new ShardCollector();
        KafkaJobSource source =
                new KafkaJobSource(
                        settings,
                        new JobMessages(Profiles.none(), MessageLimits.WIDEST),
                        scheduler,
                        new Random(1),
                        ClientListener.NONE);
        source.start(owner);
        JobSource.Shard shard = shard(owner);
        KafkaFixture.append(shard, Commit.of(KafkaFixture.record("before")));

        broker.close();
        CompletableFuture<Void> meanwhile =
                shard.journal().append(Commit.of(KafkaFixture.record("meanwhile")));
        broker = Broker.start(BrokerSettings.in(data).at(broker.port()));

        // Either the client got it through, or the shard is lost and opened anew.
        await().atMost(Duration.ofSeconds(40)).until(meanwhile::isDone);
        if (meanwhile.isCompletedExceptionally()) {
            owner.shards.clear();
            source.dropped(0);
            assertThat(shard(owner).records()).contains(KafkaFixture.record("before"));
        }
        send(settings);
        assertThat(KafkaFixture.next(shard(owner))).hasSize(1);
        KafkaFixture.append(shard(owner), KafkaFixture.claim("after", 1));

        source.close(Deadline.after(scheduler, Duration.ofSeconds(10)));
        broker.close();
        scheduler.close();
    }

    private static JobSource.Shard shard(ShardCollector owner) {
        await().atMost(Duration.ofSeconds(30)).until(() -> owner.shards.containsKey(0));
        return Objects.requireNonNull(owner.shards.get(0));
    }

    private static void createTopics(KafkaSettings settings) throws Exception {
        try (Admin admin = Admin.create(new ClientProperties(settings).admin())) {
            new TopicSetup(settings, admin).create(1, Optional.empty());
        }
    }

    private static void send(KafkaSettings settings) throws Exception {
        try (var producer =
                new KafkaProducer<>(
                        new ClientProperties(settings).producer(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(
                            new ProducerRecord<>(
                                    settings.topics().jobs(),
                                    "after".getBytes(UTF_8),
                                    "{\"run\": \"true\"}".getBytes(UTF_8)))
                    .get();
        }
    }
}
