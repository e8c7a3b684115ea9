package dev.spate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TopicSetupIT {

    @Test
    void makesWhatIsMissingAndSaysWhatIsWrong(@TempDir Path data) throws Exception {
        try (KafkaFixture kafka = new KafkaFixture(data)) {
            KafkaSettings settings =
                    KafkaSettings.of(kafka.broker.bootstrapServers(), "g")
                            .with(Topics.prefixed("x."));
            TopicSetup topics = new TopicSetup(settings, kafka.admin());
            assertThat(topics.verify())
                    .hasSize(5)
                    .contains("topic x.jobs does not exist: spate topics --create makes it");

            assertThat(topics.create(3, Optional.empty())).hasSize(5);
            assertThat(topics.create(3, Optional.empty())).isEmpty();
            assertThat(topics.verify()).isEmpty();

            kafka.admin()
                    .createPartitions(Map.of("x.jobs", NewPartitions.increaseTo(4)))
                    .all()
                    .get();
            await().untilAsserted(
                            () ->
                                    assertThat(topics.verify())
                                            .containsExactly(
                                                    "topic x.journal: expected 4 partitions, as"
                                                            + " many as x.jobs, found 3"));
        }
    }
}
