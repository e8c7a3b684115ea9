package dev.spate.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokerIT {

    @Test
    void keepsItsDataAcrossRestarts(@TempDir Path data) throws Exception {
        try (Broker broker = Broker.start(BrokerSettings.in(data))) {
            try (Admin admin =
                    Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic("t", Optional.of(1), Optional.empty())))
                        .all()
                        .get();
                ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "t");
                assertThat(admin.describeConfigs(List.of(topic)).all().get()).containsKey(topic);
            }
            try (var producer =
                    new KafkaProducer<>(
                            Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                            new StringSerializer(),
                            new StringSerializer())) {
                producer.send(new ProducerRecord<>("t", "k", "v")).get();
            }
        }

        try (Broker broker = Broker.start(BrokerSettings.in(data));
                var consumer =
                        new KafkaConsumer<>(
                                Map.<String, Object>of(
                                        "bootstrap.servers",
                                        broker.bootstrapServers(),
                                        "auto.offset.reset",
                                        "earliest"),
                                new StringDeserializer(),
                                new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition("t", 0)));
            assertThat(consumer.poll(Duration.ofSeconds(10))).hasSize(1);
        }
    }

    @Test
    void refusesADirectoryThatIsSomebodyElses(@TempDir Path data) throws IOException {
        Files.writeString(data.resolve("thesis.tex"), "\\documentclass{book}");

        assertThatThrownBy(() -> Broker.start(BrokerSettings.in(data)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("expected an empty directory");
        assertThat(data.resolve("meta.properties")).doesNotExist();
    }

    @Test
    void saysWhichPortIsTaken(@TempDir Path first, @TempDir Path second) throws Exception {
        try (Broker broker = Broker.start(BrokerSettings.in(first))) {
            assertThatThrownBy(() -> Broker.start(BrokerSettings.in(second).at(broker.port())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(Integer.toString(broker.port()));
        }
    }
}
