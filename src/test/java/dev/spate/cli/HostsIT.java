package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spate.config.Configuration;
import dev.spate.kafka.TopicSetup;
import dev.spate.kafka.Topics;
import dev.spate.local.Broker;
import dev.spate.local.BrokerSettings;
import dev.spate.ssh.LoopbackMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole worker over machines of somebody's own: a real broker, two real SSH servers, no EC2. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class HostsIT {

    @TempDir private Path directory;

    @Test
    void doesMoreJobsThanThereAreHostsAndLeavesTheHostsFree() throws Exception {
        try (LoopbackMachine one = LoopbackMachine.start(directory.resolve("one"));
                LoopbackMachine two = LoopbackMachine.start(directory.resolve("two"));
                Broker broker =
                        Broker.start(
                                new BrokerSettings(
                                        directory.resolve("broker"),
                                        0,
                                        Duration.ofSeconds(6),
                                        Map.of()))) {
            Configuration configuration =
                    Configuration.read(
                            Configuration.Reader.WORKER,
                            Optional.of(file(one, two)),
                            Map.of(
                                    "SPATE_GROUP", "own",
                                    "SPATE_SECRET", "0123456789abcdef0123456789abcdef",
                                    "SPATE_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                                    "SPATE_HTTP_PORT", "0"));
            createTopics(configuration);
            Map<String, JsonNode> results;
            try (RunningWorker _ = Wiring.start(configuration)) {
                for (int i = 0; i < 6; i++) {
                    publish(broker, "job-" + i, "{\"run\": \"echo from job " + i + "\"}");
                }
                results = results(broker, 6);
            }

            assertThat(results).hasSize(6);
            results.forEach(
                    (id, result) -> {
                        assertThat(result.path("outcome").asText())
                                .as(result.toString())
                                .isEqualTo("succeeded");
                        assertThat(result.path("members").findValuesAsText("head"))
                                .contains("from job " + id.substring("job-".length()) + "\n");
                    });
        }
    }

    private Path file(LoopbackMachine one, LoopbackMachine two) throws Exception {
        Path identity = directory.resolve("identity");
        Files.writeString(identity, LoopbackMachine.identity());
        StringBuilder text = new StringBuilder("hosts:\n");
        Map.of("one", one, "two", two)
                .forEach(
                        (name, machine) ->
                                text.append(
                                        "  %s: {address: 127.0.0.1, port: %d, user: spate, identity: %s, host-key: %s}\n"
                                                .formatted(
                                                        name,
                                                        machine.port(),
                                                        identity,
                                                        LoopbackMachine.hostKey())));
        Path file = directory.resolve("spate.yaml");
        return Files.writeString(file, text);
    }

    private static void createTopics(Configuration configuration) throws Exception {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", configuration.kafka().bootstrapServers());
        try (Admin admin = Admin.create(properties)) {
            new TopicSetup(configuration.kafka(), admin).create(1, Optional.empty());
        }
    }

    private static void publish(Broker broker, String id, String message) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            var _ = producer.send(new ProducerRecord<>("spate.jobs", id, message)).get();
        }
    }

    private static Map<String, JsonNode> results(Broker broker, int count) throws Exception {
        Map<String, JsonNode> results = new HashMap<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", broker.bootstrapServers(),
                                "group.id", "test",
                                "auto.offset.reset", "earliest",
                                "isolation.level", "read_committed"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.subscribe(List.of(Topics.prefixed("spate.").results()));
            while (results.size() < count) {
                for (ConsumerRecord<String, String> record :
                        consumer.poll(Duration.ofMillis(500))) {
                    results.put(record.key(), new JsonMapper().readTree(record.value()));
                }
            }
        }
        return results;
    }
}
