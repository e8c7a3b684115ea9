package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spate.job.JobId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker as it is wired for users, on a real broker and a simulated EC2; plain Kafka clients. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LocalIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir private static Path data;
    @AutoClose private static LocalWorld world;

    @BeforeAll
    static void start() throws Exception {
        world =
                LocalWorld.start(
                        new LocalWorld.Plan(data, 0, 0, 2, Map.of(), Optional.empty()), Map.of());
    }

    @Test
    void aJobSucceedsAndTellsWhatItSaid() throws Exception {
        String id = publish("{\"run\": \"echo hello; echo oops >&2\"}");

        JsonNode result = result(id);

        assertThat(result.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(result.path("exitCode").asInt()).isZero();
        assertThat(result.path("attempt").asInt()).isEqualTo(1);
        assertThat(result.path("members").path(0).findValuesAsText("head"))
                .containsExactly("hello\n", "oops\n");
    }

    @Test
    void aJobThatFailsIsReportedWithItsExitCode() throws Exception {
        JsonNode result = result(publish(example("failing")));

        assertThat(result.path("outcome").asText()).isEqualTo("failed");
        assertThat(result.path("exitCode").asInt()).isEqualTo(3);
        assertThat(result.path("error").path("message").asText()).isNotEmpty();
    }

    @Test
    void theMembersOfAJobFindEachOther() throws Exception {
        JsonNode result = result(publish(example("experiment")));

        assertThat(result.path("outcome").asText()).as(result.toString()).isEqualTo("succeeded");
        assertThat(result.path("members")).hasSize(4);
    }

    @Test
    void aJobThatIsCancelledWhileItRunsHasOneResult() throws Exception {
        String id = publish("{\"run\": \"echo started; sleep 600\"}");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> get("/metrics").contains("spate_jobs{state=\"running\"} 1.0"));

        publish(id, null);

        assertThat(result(id).path("outcome").asText()).isEqualTo("cancelled");
        assertThat(read("spate.results", id)).hasSize(1);
    }

    @Test
    void cancellingReachesAJobWhicheverPartitionItIsIn() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int partition = 0; partition < 2; partition++) {
            String id = "it-" + UUID.randomUUID();
            publish(partition, id, "{\"run\": \"sleep 600\"}");
            ids.add(id);
        }

        try (JobsTopic topic = new JobsTopic(world.configuration().kafka())) {
            ids.forEach(id -> topic.cancel(new JobId(id)));
            topic.flush();
        }

        for (String id : ids) {
            assertThat(result(id).path("outcome").asText()).isEqualTo("cancelled");
        }
    }

    @Test
    void aBadMessageIsRejectedAndTheNextOneRuns() throws Exception {
        String bad = publish("{\"run\": \"date\", \"machnie\": {}}");
        String garbage = publish("not json");
        String good = publish("{\"run\": \"true\"}");

        assertThat(result(good).path("outcome").asText()).isEqualTo("succeeded");
        assertThat(result(bad).path("outcome").asText()).isEqualTo("rejected");
        assertThat(result(garbage).path("outcome").asText()).isEqualTo("rejected");
        ConsumerRecord<String, String> rejected = await("spate.rejects", bad);
        assertThat(rejected.value()).isEqualTo("{\"run\": \"date\", \"machnie\": {}}");
        assertThat(rejected.headers().toArray())
                .extracting(LocalIT::text)
                .anyMatch(value -> value.contains("machnie"));
    }

    @Test
    void theSameMessageAgainIsNotRunAgain() throws Exception {
        String id = publish("{\"run\": \"true\"}");
        assertThat(result(id).path("outcome").asText()).isEqualTo("succeeded");

        publish(id, "{\"run\": \"true\"}");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> get("/metrics").contains("spate_duplicates_total 1.0"));

        assertThat(read("spate.results", id)).hasSize(1);
    }

    @Test
    void isReadyAndCountsItsJobs() throws Exception {
        assertThat(get("/health/live")).isEqualTo("{\"status\":\"live\",\"reasons\":[]}");
        assertThat(get("/health/ready")).isEqualTo("{\"status\":\"ready\",\"reasons\":[]}");
        assertThat(get("/metrics"))
                .contains("spate_jobs{state=\"waiting\"}")
                .contains("kafka_consumer_")
                .contains("kafka_producer_")
                .contains("spate_build_info");
    }

    @Test
    void hasEveryMetricThatTheDashboardAndTheAlertsAskFor() throws Exception {
        result(publish("{\"run\": \"true\", \"reuse\": false}"));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> get("/metrics").contains("spate_machines_terminated_total"));

        Set<String> told = found(get("/metrics"), "(?m)^# TYPE (\\S+) ");

        for (String file : List.of("prometheus/alerts.yml", "grafana/dashboards/spate.json")) {
            String text = Files.readString(Path.of("config").resolve(file));
            Set<String> asked = found(text, "\\b((?:spate|kafka|jvm|process)_[a-z0-9_]+)[{\\[)]");
            assertThat(asked).as(file).hasSizeGreaterThan(5);
            assertThat(asked)
                    .as(file)
                    .allMatch(name -> told.contains(name.replaceFirst("_(bucket|count|sum)$", "")));
        }
    }

    @Test
    void everyMetricSaysWhatItIs() throws Exception {
        String metrics = get("/metrics");

        assertThat(found(metrics, "(?m)^# HELP (\\S+) +\\S"))
                .containsAll(found(metrics, "(?m)^# TYPE (\\S+) "));
    }

    private static Set<String> found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
    }

    private static String text(Header header) {
        return new String(header.value(), UTF_8);
    }

    private static String publish(String message) throws Exception {
        String id = "it-" + UUID.randomUUID();
        publish(id, message);
        return id;
    }

    private static void publish(String id, @Nullable String message) throws Exception {
        publish(null, id, message);
    }

    private static void publish(@Nullable Integer partition, String id, @Nullable String message)
            throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap()),
                        new StringSerializer(),
                        new StringSerializer())) {
            var _ = producer.send(new ProducerRecord<>("spate.jobs", partition, id, message)).get();
        }
    }

    private static JsonNode result(String id) throws IOException {
        return new JsonMapper().readTree(await("spate.results", id).value());
    }

    private static ConsumerRecord<String, String> await(String topic, String key) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> read(topic, key), found -> !found.isEmpty())
                .getFirst();
    }

    private static List<ConsumerRecord<String, String>> read(String topic, String key) {
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrap(),
                                "isolation.level",
                                "read_committed"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
                for (ConsumerRecord<String, String> record :
                        consumer.poll(Duration.ofMillis(200))) {
                    if (key.equals(record.key())) {
                        found.add(record);
                    }
                }
            }
        }
        return found;
    }

    /** An example without its id: it takes the record's key. */
    private static String example(String name) throws IOException {
        return Files.readString(Path.of("config/examples/" + name + ".json"))
                .replaceFirst("\"id\": \"[a-z]+\",", "");
    }

    private static String get(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create(world.worker().web().url() + path);
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        }
    }

    private static String bootstrap() {
        return world.configuration().kafka().bootstrapServers();
    }
}
