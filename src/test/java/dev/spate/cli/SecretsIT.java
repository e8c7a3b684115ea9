package dev.spate.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Looks for what must stay secret in everything that a worker, a broker and a cloud leave behind:
 * topics, tags, user data, the files of machines, logs, metrics.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class SecretsIT {

    @TempDir private Path data;
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @Test
    void nothingThatIsLeftBehindHasTheSecretAndNoTopicHasAKey() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger ours = (Logger) LoggerFactory.getLogger("dev.spate");
        Level usual = ours.getLevel();
        logged.start();
        root.addAppender(logged);
        ours.setLevel(Level.DEBUG);
        String metrics;
        try (LocalWorld world =
                LocalWorld.start(
                        new LocalWorld.Plan(data, 0, 0, 1, Map.of(), Optional.empty()), Map.of())) {
            publish(world.configuration().kafka().bootstrapServers());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> metrics(world).contains("{outcome=\"succeeded\"} 1.0"));
            metrics = metrics(world);
        } finally {
            root.detachAppender(logged);
            ours.setLevel(usual);
        }

        String secret = Files.readString(data.resolve("secret")).strip();
        Map<String, String> left = files();
        left.remove("secret");
        left.put("the log", log());
        left.put("the metrics", metrics);
        // Otherwise nothing was looked at.
        assertThat(left.keySet())
                .anyMatch(name -> name.startsWith("broker/spate.journal-0/"))
                .anyMatch(name -> name.startsWith("cloud/"));
        assertThat(left.values()).anyMatch(text -> text.contains("hello from the job"));

        left.forEach((name, text) -> assertThat(text).as(name).doesNotContain(secret));
        left.forEach(
                (name, text) -> {
                    if (!name.startsWith("cloud/")) {
                        assertThat(text).as(name).doesNotContain("PRIVATE KEY");
                    }
                });
    }

    private static void publish(String bootstrap) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap),
                        new StringSerializer(),
                        new StringSerializer())) {
            String job = "{\"run\": \"echo hello from the job\", \"reuse\": false}";
            var _ = producer.send(new ProducerRecord<>("spate.jobs", "a", job)).get();
        }
    }

    /** Every file there is, by its path, byte for byte. */
    private Map<String, String> files() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(data)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                read(path).ifPresent(text -> texts.put(data.relativize(path).toString(), text));
            }
        } catch (UncheckedIOException goneMeanwhile) {
            throw goneMeanwhile.getCause();
        }
        return texts;
    }

    private static Optional<String> read(Path path) throws IOException {
        try {
            return Optional.of(Files.readString(path, ISO_8859_1));
        } catch (NoSuchFileException goneMeanwhile) {
            return Optional.empty();
        }
    }

    private String log() {
        return logged.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .collect(Collectors.joining("\n"));
    }

    private static String metrics(LocalWorld world) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create(world.worker().web().url() + "/metrics");
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        }
    }
}
