package dev.spate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.JobId;
import dev.spate.kafka.JournalReader.Entry;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Journals as somebody reads them who owns none, on a real broker. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class JournalReaderIT {

    @TempDir private static Path data;
    private static KafkaFixture kafka;

    @BeforeAll
    static void start() throws Exception {
        kafka = new KafkaFixture(data);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void aJobOfTwoShardsIsOneAndTheLaterOfThem() throws Exception {
        KafkaSettings settings = kafka.fresh(3);
        write(settings, 2, "twice");
        write(settings, 0, "once");
        write(settings, 1, "twice");

        try (JournalReader reader = new JournalReader(settings, kafka.scheduler)) {
            reader.catchUp(_ -> {});

            assertThat(reader.latest())
                    .extracting(entry -> entry.record().id().value())
                    .containsExactlyInAnyOrder("once", "twice");
            Entry found = reader.find(new JobId("twice")).orElseThrow();
            assertThat(reader.latest()).contains(found);
            Entry earlier = reader.latest(2).iterator().next();
            assertThat(found.writtenAt()).isAfterOrEqualTo(earlier.writtenAt());
        }
    }

    private static void write(KafkaSettings settings, int shard, String id) throws Exception {
        byte[] record = Records.encode(KafkaFixture.record(id));
        kafka.sendTo(settings.topics().journal(), shard, id, record);
    }
}
