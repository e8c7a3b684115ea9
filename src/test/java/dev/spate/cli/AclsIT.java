package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.SystemScheduler;
import dev.spate.config.Configuration;
import dev.spate.kafka.ClientProperties;
import dev.spate.kafka.TopicSetup;
import dev.spate.local.Broker;
import dev.spate.local.BrokerSettings;
import dev.spate.local.CloudOptions;
import dev.spate.local.SimulatedCloud;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * With the rights that {@code config/kafka/acls.sh} gives, and no others, all can do their part.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class AclsIT {

    private static final String GROUP = "guarded";
    private static final String PLAIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\""
                    + " password=\"%s\"";

    @TempDir private static Path data;
    private static final Closing closing = new Closing();
    private static @Nullable Broker broker;
    private static @Nullable RunningWorker worker;

    @BeforeAll
    static void start() throws Exception {
        SystemScheduler scheduler = closing.add(new SystemScheduler());
        broker =
                closing.add(
                        Broker.start(
                                new BrokerSettings(
                                        data.resolve("broker"),
                                        0,
                                        Duration.ofSeconds(10),
                                        guarded())));
        SimulatedCloud cloud =
                closing.add(
                        SimulatedCloud.start(
                                CloudOptions.in(data.resolve("cloud")).withSshPort(0), scheduler));
        Map<String, String> environment = environment("spate-worker");
        environment.put("SPATE_GROUP", GROUP);
        environment.put("SPATE_SECRET", "a-secret-for-simulated-machines-only");
        environment.put("SPATE_HTTP_PORT", "0");
        environment.put("SPATE_EC2_ENDPOINT", cloud.endpoint().toString());
        environment.put("SPATE_EC2_REGION", cloud.region());
        environment.put("SPATE_EC2_ACCESS", "simulated");
        environment.put("SPATE_SSH_PORT", Integer.toString(cloud.sshPort()));
        administer();
        worker =
                closing.add(
                        Wiring.start(
                                Configuration.read(
                                        Configuration.Reader.WORKER,
                                        Optional.empty(),
                                        environment)));
    }

    @AfterAll
    static void stop() {
        closing.close();
    }

    @Test
    void aJobHasItsResultAndIsOnTheBoard() throws Exception {
        Commandline submitted =
                as(
                        "spate-submitter",
                        "{\"id\":\"guarded\",\"run\":\"echo hello\"}",
                        "submit",
                        "--wait",
                        "-");

        assertThat(submitted.err()).isEmpty();
        assertThat(submitted.exitCode()).isZero();
        assertThat(as("spate-reader", "", "jobs", "guarded").exitCode()).isZero();
        assertThat(as("spate-reader", "", "logs", "guarded").out()).containsExactly("hello");
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> get("/api/jobs/guarded").contains("\"outcome\":\"succeeded\""));
    }

    @Test
    void whoSubmitsCannotReadTheJournal() {
        Commandline ran = as("spate-submitter", "", "jobs");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .singleElement()
                .asString()
                .contains("Not authorized to access topics: [spate.journal]");
    }

    @Test
    void whoReadsCannotSubmit() {
        Commandline ran = as("spate-reader", "{\"run\":\"date\"}", "submit", "-");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .singleElement()
                .asString()
                .contains("Not authorized to access topics: [spate.jobs]");
    }

    private static Commandline as(String user, String in, String... arguments) {
        return Commandline.run(environment(user), in, arguments);
    }

    private static Map<String, String> environment(String user) {
        Map<String, String> environment = new HashMap<>();
        environment.put("SPATE_KAFKA_BOOTSTRAP_SERVERS", bootstrap());
        environment.put("SPATE_KAFKA_PROPERTIES_SECURITY_PROTOCOL", "SASL_PLAINTEXT");
        environment.put("SPATE_KAFKA_PROPERTIES_SASL_MECHANISM", "PLAIN");
        environment.put(
                "SPATE_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", PLAIN.formatted(user, user) + ";");
        return environment;
    }

    /** Everybody's password is their name. */
    private static Map<String, String> guarded() {
        StringBuilder users = new StringBuilder(PLAIN.formatted("admin", "admin"));
        for (String user : List.of("admin", "spate-worker", "spate-submitter", "spate-reader")) {
            users.append(" user_").append(user).append("=\"").append(user).append('"');
        }
        return Map.of(
                "listener.security.protocol.map",
                "CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms",
                "PLAIN",
                "sasl.mechanism.inter.broker.protocol",
                "PLAIN",
                "listener.name.clients.plain.sasl.jaas.config",
                users + ";",
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                // The broker itself, to its clients and to its controller.
                "super.users",
                "User:admin;User:ANONYMOUS");
    }

    private static void administer() throws Exception {
        Configuration configuration =
                Configuration.read(
                        Configuration.Reader.CLIENT, Optional.empty(), environment("admin"));
        try (Admin admin = Admin.create(new ClientProperties(configuration.kafka()).admin())) {
            var _ = new TopicSetup(configuration.kafka(), admin).create(2, Optional.empty());
            admin.createAcls(acls()).all().get();
        }
    }

    /** What {@code acls.sh} tells Kafka's own tool. */
    private static List<AclBinding> acls() throws Exception {
        ProcessBuilder script = new ProcessBuilder("sh", "config/kafka/acls.sh", GROUP);
        script.environment().put("KAFKA_ACLS", "echo kafka-acls.sh");
        Process process = script.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> commands = process.inputReader().lines().toList();
        assertThat(process.waitFor()).isZero();
        return commands.stream().flatMap(command -> bindings(command).stream()).toList();
    }

    private static List<AclBinding> bindings(String command) {
        List<String> words = List.of(command.split(" "));
        assertThat(words.subList(0, 3))
                .containsExactly("kafka-acls.sh", "--add", "--allow-principal");
        assertThat(words.get(4)).isEqualTo("--resource-pattern-type");
        ResourcePattern resource =
                new ResourcePattern(
                        ResourceType.fromString(words.get(6).substring(2).replace('-', '_')),
                        words.get(7),
                        PatternType.fromString(words.get(5).toUpperCase(Locale.ROOT)));
        List<AclBinding> bindings = new ArrayList<>();
        for (int i = 8; i < words.size(); i += 2) {
            assertThat(words.get(i)).isEqualTo("--operation");
            bindings.add(
                    new AclBinding(
                            resource,
                            new AccessControlEntry(
                                    words.get(3),
                                    "*",
                                    operation(words.get(i + 1)),
                                    AclPermissionType.ALLOW)));
        }
        return bindings;
    }

    private static AclOperation operation(String word) {
        return AclOperation.fromString(
                word.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
    }

    private static String get(String path) throws Exception {
        if (worker == null) {
            throw new IllegalStateException("not started");
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create(worker.web().url() + path);
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        }
    }

    private static String bootstrap() {
        if (broker == null) {
            throw new IllegalStateException("not started");
        }
        return broker.bootstrapServers();
    }
}
